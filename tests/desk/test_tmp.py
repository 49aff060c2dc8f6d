def test_x(store):
    with store.read() as s:
        pass
