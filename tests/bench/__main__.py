"""How fast Perennial is with many candidates: see `measuring`.

It imports late, as `perennial` does: a process that an import starts looks at this module first.
"""

if __name__ == "__main__":
    from tests.bench.measuring import main

    main()
