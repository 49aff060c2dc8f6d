"""The encrypted file: its keys, how it is opened, and the one door for what is written in it.

Keys
    access       make a vault's keys, unlock them, change the passphrase or the recovery code: the verbs
    keys         the master key and what is derived from it
    slots        the master key, wrapped for one secret
    header       the key file's form, and its proof that nobody changed it
    keyfile      the key file and its twin on disk
    recovery     the printed way back in
    passphrase   what a passphrase must be, and six words if she has none
File
    connection   SQLCipher, opened in the one safe order
    faults       SQLite's and the disk's codes, sorted once into her words
    lockfile     keeps a second CrisisDesk out
    disk         small files that are the old one or the new one, never half
Records
    store        the one door; with it write, journal, audit, search, load and upgrade
"""
