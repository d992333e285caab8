"""
Random input for everything that reads what others wrote: no crash but our errors, no hang over two seconds.

`make test` runs the same few examples each time, `make fuzz` other ones for as long as it takes.
"""
