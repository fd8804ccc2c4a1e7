"""Where facts are kept: tables, the store, the ledger, migrations."""
