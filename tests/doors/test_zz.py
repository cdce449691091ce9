from collections import Counter

from tests import fuzzing


def test_x(server, monkeypatch):
    seen = Counter()
    real = fuzzing.answer

    def a(server, sent):
        r = real(server, sent)
        seen[r[0]] += 1
        seen[(sent.target.partition("?")[0][:22], r[0])] += 1
        return r

    monkeypatch.setattr(fuzzing, "answer", a)
    fuzzing.attack(server, 1500)
    print(sorted((str(k), v) for k, v in seen.items() if not isinstance(k, tuple)), len(seen))
    print([k for k in seen if isinstance(k, tuple) and k[1] in (101, 200, 302, 413, 415)])
