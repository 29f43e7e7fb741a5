#!/bin/sh
# Says what a measure was made on: figures without a machine mean nothing.
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo none; }
echo "# Results"
echo
echo "$(date -u +%Y-%m-%d), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores," \
    "$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo | awk '{ printf "%.0f GiB", $1 / 1048576 }'), load" \
    "$(cut -d ' ' -f 1 /proc/loadavg); $(. /etc/os-release; echo "$PRETTY_NAME"), Linux $(uname -r | cut -d - -f 1)," \
    "$(${CC:-cc} --version | head -n 1), unixODBC $(version unixodbc), libcurl $(version libcurl4)," \
    "psqlODBC $(version odbc-postgresql) with PostgreSQL $(version postgresql-15)," \
    "MariaDB Connector/ODBC $(version odbc-mariadb) with MariaDB $(version mariadb-server)."
echo
echo "CPU is user and system time of the client process; memory is its peak over the connected process before the" \
    "query, without the application's own arrays. Medians."
