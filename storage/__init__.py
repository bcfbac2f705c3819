"""Tables, migrations, and per aggregate one module of queries and transactions."""
