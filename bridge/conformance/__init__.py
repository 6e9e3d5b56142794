"""The laws that every adapter must pass, importable by third parties.

Write a `Harness` for your adapter and collect the laws in your own test file:

    class TestLaws(AdapterLaws):
        @pytest.fixture
        def harness(self) -> Harness: ...

`laws` holds them, `harness` what they ask of you, `strategies` what they draw from, `host` a host
without a core. `buttons` and `phone` are a channel that has every ability, to test the core with.
Needs pytest, pytest-asyncio and hypothesis.
"""
