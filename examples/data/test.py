"""What the examples run on Bodo: says what it was told, works for a moment, and is done."""

import os
import sys
import time

print("hello from", sys.argv[0])
print("asked for the year", sys.argv[1], "by", os.environ["ASKED_BY"])
time.sleep(1)
print("done")
