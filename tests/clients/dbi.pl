# dbi.pl TEST: one test of Perl's DBI with DBD::ODBC against the data source CA; dies where something is wrong.
# test_dbi.py starts it and says which tests there are. Debian's DBD::ODBC is the narrow one: texts are octets of UTF-8.
use strict;
use warnings;
use DBI qw(:sql_types);

my $SETTINGS = '[PostgreSQL1].[public].[settings]';
my $NOTES    = '[PostgreSQL1].[public].[notes]';
my $TYPES    = '[Types].[Types].[AllTypes]';
my $dbh;

# Spells rows, values and lists so that they can be compared.
sub spell {
    my ($value) = @_;
    return 'undef' unless defined $value;
    return ref $value ? '[' . join(', ', map { spell($_) } @$value) . ']' : $value;
}

sub is {
    my ($found, $wanted, $what) = @_;
    my ($f, $w) = (spell($found), spell($wanted));
    die "$what: $f, not $w\n" unless $f eq $w;
    return;
}

sub fails {
    my ($code, $state, $text) = @_;
    die "it worked\n" if eval { $code->(); 1 };
    is($DBI::state, $state, 'state');
    die "said: $DBI::errstr\n" unless $DBI::errstr =~ /$text/;
    return;
}

sub stored {
    my ($prefix) = @_;
    return $dbh->selectall_arrayref("SELECT name, value FROM $SETTINGS WHERE name LIKE ? ORDER BY name", undef, "$prefix%");
}

my %tests = (
    rows_of_every_kind_are_fetched => sub {
        my $rows = $dbh->selectall_arrayref(
            "SELECT Id, VarcharCol, BigintCol, DecimalCol, DoubleCol, BooleanCol, DateCol, TimestampCol, UuidCol FROM $TYPES"
              . ' WHERE Id IN (1, 2, 3) ORDER BY Id');
        is($rows->[1], [2, (undef) x 8], 'row of NULLs');
        is($rows->[2][2], '9223372036854775807', 'largest BIGINT');
        is($rows->[2][3], '9999999999999999999999999999.9999999999', 'largest DECIMAL');
        is($rows->[2][7], '9999-12-31 23:59:59.9999999', 'last TIMESTAMP');
    },
    columns_are_described => sub {
        my $sth = $dbh->prepare("SELECT Id, VarcharCol, DecimalCol AS d FROM $TYPES WHERE 1 = 0");
        $sth->execute;
        is($sth->{NAME}, ['Id', 'VarcharCol', 'd'], 'names');
        is($sth->{TYPE}, [SQL_INTEGER, SQL_WVARCHAR, SQL_DECIMAL], 'types');
        is($sth->{SCALE}[2], 10, 'scale');
    },
    values_are_bound => sub {
        my $sth = $dbh->prepare("INSERT INTO $SETTINGS (name, value) VALUES (?, ?)");
        is($sth->execute('perl a', "gr\xC3\xBCn \xF0\x9F\x99\x82"), 1, 'rows');
        is($sth->execute('perl b', undef), 1, 'rows');
        is($sth->execute('perl c', ''), 1, 'rows');
        is(stored('perl '), [['perl a', "gr\xC3\xBCn \xF0\x9F\x99\x82"], ['perl b', undef], ['perl c', '']], 'rows');
        is($dbh->do("DELETE FROM $SETTINGS WHERE name LIKE ?", undef, 'perl %'), 3, 'deleted');
        is($dbh->do("DELETE FROM $SETTINGS WHERE name LIKE ?", undef, 'perl %'), '0E0', 'deleted');
    },
    long_values_are_bound_and_fetched => sub {
        my $long = "\xC3\xA9\xF0\x9F\x99\x82" x 50000;
        my $sth  = $dbh->prepare("INSERT INTO $NOTES (title, body) VALUES ('perl long', ?)");
        $sth->bind_param(1, $long, SQL_LONGVARCHAR);
        $sth->execute;
        $dbh->{LongReadLen} = 1000000;
        my ($body) = $dbh->selectrow_array("SELECT body FROM $NOTES WHERE title = 'perl long'");
        is(length $body, length $long, 'octets');
        die "the texts differ\n" if $body ne $long;
        $dbh->{LongReadLen} = 100;
        fails(sub { $dbh->selectrow_array("SELECT body FROM $NOTES WHERE title = 'perl long'") }, '01004', 'truncat');
    },
    rows_are_inserted_one_by_one => sub {
        $dbh->{odbc_array_operations} = 0;
        my $sth = $dbh->prepare("INSERT INTO $SETTINGS (name, value) VALUES (?, ?)");
        my @status;
        is([$sth->execute_array({ArrayTupleStatus => \@status}, ['one a', 'one b', 'one c'], ['1', undef, '3'])], [3, 3], 'count');
        is(\@status, [1, 1, 1], 'status');
        is(stored('one '), [['one a', 1], ['one b', undef], ['one c', 3]], 'rows');
    },
    rows_are_inserted_in_one_request => sub {
        @$dbh{qw(odbc_array_operations odbc_batch_size)} = (1, 1000);
        my $sth = $dbh->prepare("INSERT INTO $SETTINGS (name, value) VALUES (?, ?)");
        my @names = map { sprintf 'many %05d', $_ } 1 .. 1000;
        is([$sth->execute_array({}, \@names, [map { $_ % 10 ? "value $_" : undef } 1 .. 1000])], [1000, 1000], 'count');
        my $rows = stored('many ');
        is(scalar @$rows, 1000, 'rows');
        is($rows->[8], ['many 00009', 'value 9'], 'row 9');
        is($rows->[9], ['many 00010', undef],     'row 10');
        my @status;
        eval { $sth->execute_array({ArrayTupleStatus => \@status}, ['last a', 'many 00001', 'last c'], [1, 2, 3]) }
          and die "the same key twice was taken\n";
        die "said: $DBI::errstr\n" unless $DBI::errstr =~ /exists already/ && $DBI::errstr =~ /sets 2 to 3 is unknown/;
    },
    queries_run_with_value_after_value => sub {
        my $sth = $dbh->prepare('SELECT ? AS V');
        for my $value (1 .. 5) {
            is($dbh->selectrow_array($sth, undef, $value), $value, 'value');
        }
    },
    procedures_are_called => sub {
        my $sth = $dbh->prepare('{? = call [Types].[Types].[AddNumbers](?, ?, ?, ?)}');
        my ($result, $total, $text) = (0, 100, '');
        $sth->bind_param_inout(1, \$result, 20);
        $sth->bind_param(2, 20, SQL_INTEGER);
        $sth->bind_param(3, 22, SQL_INTEGER);
        $sth->bind_param_inout(4, \$total, 20);
        $sth->bind_param_inout(5, \$text, 100);
        $sth->execute;
        is([$result, $total, $text], [42, 142, '20 + 22'], 'outputs');
    },
    several_results_are_walked => sub {
        my $sth = $dbh->prepare('{call [PostgreSQL1].[public].[customer_orders](?)}');
        my @counts;
        $sth->execute(3);
        do {
            my $count = 0;
            $count++ while $sth->fetchrow_arrayref;
            push @counts, $count;
        } while ($sth->{odbc_more_results});
        is(\@counts, [1, 2], 'rows of each result');
    },
    the_catalog_is_listed => sub {
        my $tables = $dbh->table_info('Types', 'Types', 'All%', 'TABLE')->fetchall_arrayref;
        is([map { $_->[2] } @$tables], ['AllTypes'], 'tables');
        my $columns = $dbh->column_info('Types', 'Types', 'AllTypes', '%Id%')->fetchall_arrayref;
        is([map { $_->[3] } @$columns], ['Id', 'UuidCol'], 'columns');
        is([$dbh->primary_key('Types', 'Types', 'AllTypes')], ['Id'], 'key');
    },
    errors_have_their_states => sub {
        fails(sub { $dbh->do('SELECT * FROM nope') },         '42S02', 'nope');
        fails(sub { $dbh->do('SELECT {fn NOPE(') },           '42000', 'character 8');
        fails(sub { DBI->connect('dbi:ODBC:CA', 'demo', 'wrong', {RaiseError => 1, PrintError => 0}) }, '28000', '.');
    },
    transactions_are_accepted => sub {
        $dbh->begin_work;
        $dbh->do("INSERT INTO $SETTINGS (name) VALUES ('begun')");
        $dbh->commit;
        is(stored('begun'), [['begun', undef]], 'rows');
    },
);

my $test = $tests{$ARGV[0] // ''} or die "usage: dbi.pl TEST\n";
$dbh = DBI->connect('dbi:ODBC:CA', '', '', {RaiseError => 1, PrintError => 0, AutoCommit => 1});
$test->();
$dbh->disconnect;
