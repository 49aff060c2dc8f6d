"""The encrypted file: its keys, how it is opened, and the one door for what is written in it.

Keys
    place        whether there is a vault: known before anything else is loaded
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
    store        the one door: reads, writes, undo, loads, drafts
    write        what an act writes with
    load         what a data set comes in and goes out with
    sessions     SQLAlchemy's sessions, fenced in
    changes      what a write did, as everybody is told it
    listeners    who is told
    journal      each row before and after each write
    stack        what Undo and Redo would take back next
    rows         rows as they lie in the file
    audit        the chained log of acts
    numbers      C-2026-0031 and its like
    lines        each client's place in the lists
Search
    search       find as she types
    index        the documents it looks through, kept true by the door
    texts        what each document says
    spelling     the many ways in which one name, number or date is written
Tables
    upgrade      brings an older file to today's tables, by the revisions in migrations/
"""
