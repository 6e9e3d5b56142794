"""The rules: what happens when. PURE: decide(state, message, world) -> state and effects.

Rule 1: everything that decides about a conversation lives in this package. Rule 2: nothing here
knows a channel, a database or a network. Time, ids, texts and schemas come with the `World`.

* `state`: what is known about one thread. `messages`: what can happen. `effects`: what to do.
* `decide`: the one way in. `draft`: one decision in the making.
* `judging`: events. `commands`: what commands do. `turning`: turns and their answers.
* `lost`: answers that did not come. `paying`: after the submission.
"""
