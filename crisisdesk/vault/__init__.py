"""The encrypted file: its keys, how it is opened, and the one door for what is written in it.

Keys
    place        whether there is a vault: known before anything else is loaded
    access       make a vault's keys, unlock them, change who can: the verbs
    keys         the master key and what is derived from it
    slots        the master key, wrapped for one secret
    header       the key file's form, and its proof that nobody changed it
    keyfile      the key file and its twin on disk
    recovery     the printed way back in
    passphrase   what a passphrase must be, and six words if she has none
    attempts     how often a secret may be tried
    state        what must be known while the vault is closed
    device       the computer's credential store, for quick unlock
    policy       what the agency allows
    calibration  how dear a guess can be made here
    rekey        a new master key: copy, check, swap
    opening      has somebody put an old file back?
    folder       whether a folder is fit for a vault
File
    connection   SQLCipher, opened in the one safe order
    faults       SQLite's and the disk's codes, sorted once into her words
    lockfile     keeps a second CrisisDesk out
    disk         small files that are the old one or the new one, never half
Backups
    making       make one, so that one that has its name is whole
    copying      the live vault's pages, copied while she works
    backup       the file: its form, reading, checking, listing
    manifest     what a backup says of itself
    checks       the four checks of a copy
    digest       one number for everything that a vault says
    rotation     which have had their day
    media        copies on drives that can be carried away
    restore      the way back
    swap         another vault in the place of this one, in two steps
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
