"""
The composition root: the only place that names concrete classes, one async context manager a program.

Imports are inside the functions: what a command does not need, it does not wait for. A cached digest must not pay for
the web, the model or Discord (aiohttp, openai and discord.py take most of a second).
"""
