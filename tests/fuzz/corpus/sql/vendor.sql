--(*vendor(Microsoft),product(ODBC) d '2020-01-01' *)--
SELECT {vendor x}