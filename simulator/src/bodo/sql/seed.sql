-- The tables of every catalog: a small shop. Values follow from the row's number, so that they
-- are the same on every start.

CREATE TABLE customers (
    c_custkey BIGINT NOT NULL PRIMARY KEY,
    c_name VARCHAR(25) NOT NULL,
    c_phone VARCHAR(15),
    c_balance DECIMAL(12, 2) NOT NULL,
    c_active BOOLEAN NOT NULL,
    c_since DATE NOT NULL,
    c_badge BINARY
);

CREATE TABLE orders (
    o_orderkey BIGINT NOT NULL PRIMARY KEY,
    o_custkey BIGINT NOT NULL,
    o_status CHAR(1) NOT NULL,
    o_total DECIMAL(12, 2) NOT NULL,
    o_orderdate DATE NOT NULL,
    o_created TIMESTAMP_NTZ NOT NULL,
    o_shipped TIMESTAMP_LTZ,
    o_slot TIME,
    o_comment VARCHAR(80)
);

CREATE TABLE lineitems (
    l_orderkey BIGINT NOT NULL,
    l_linenumber INTEGER NOT NULL,
    l_product VARCHAR(20) NOT NULL,
    l_quantity INTEGER NOT NULL,
    l_price DECIMAL(12, 2) NOT NULL,
    l_discount DOUBLE,
    l_shipdate DATE,
    l_returned BOOLEAN,
    PRIMARY KEY (l_orderkey, l_linenumber)
);

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
INSERT INTO customers
SELECT
    i,
    printf('Customer#%09d', i),
    CASE WHEN i % 4 THEN printf('%d-%03d-%04d', 10 + i, i * 37 % 1000, i * 7919 % 10000) END,
    round(i * 7919 % 1000000 / 100.0 - 500, 2),
    i % 3 > 0,
    date('2015-01-01', (i * 97) || ' days'),
    CASE WHEN i % 5 THEN unhex(printf('00%02XFF', i)) END
FROM n;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO orders
SELECT
    i,
    1 + i * 7 % 20,
    substr('OFP', 1 + i % 3, 1),
    round(i * 104729 % 5000000 / 100.0, 2),
    date('2024-01-01', (i * 3) || ' days'),
    datetime('2024-01-01 08:00:00', (i * 3) || ' days', (i * 11) || ' minutes'),
    CASE WHEN i % 3 THEN
        datetime('2024-01-02 12:30:00', (i * 3) || ' days', (i * 17) || ' minutes') || '.25'
    END,
    CASE WHEN i % 4 THEN time('08:00:00', (i * 5) || ' minutes') END,
    CASE WHEN i % 5 THEN 'order ' || i || ', handle with care' END
FROM n;

WITH RECURSIVE line(o, l) AS (
    SELECT 1, 1
    UNION ALL
    SELECT iif(l > o % 4, o + 1, o), iif(l > o % 4, 1, l + 1) FROM line WHERE o <= 100
)
INSERT INTO lineitems
SELECT
    o,
    l,
    'product ' || (1 + (o * 5 + l) % 12),
    1 + (o * 3 + l) % 50,
    round((o * 7919 + l * 104729) % 100000 / 100.0, 2),
    CASE WHEN (o + l) % 6 THEN (o + l) % 10 / 100.0 END,
    CASE WHEN (o + l) % 4 THEN date('2024-01-05', (o * 3 + l) || ' days') END,
    CASE WHEN (o + l) % 4 THEN (o + l) % 7 = 0 END
FROM line
WHERE o <= 100;
