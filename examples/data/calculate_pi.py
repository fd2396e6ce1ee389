"""Estimates pi by the Leibniz series. The input file holds the number of terms."""

import struct
import sys

with open(sys.argv[1]) as file:
    terms = int(file.read())

estimate = 0.0
for n in range(terms):
    estimate += (-1) ** n / (2 * n + 1)
estimate *= 4

with open("pi_estimate.res", "w") as file:
    file.write(f"{estimate}\n")
with open("pi_estimate.bin", "wb") as file:
    file.write(struct.pack("d", estimate))
print(f"pi is about {estimate}")
