"""Names the user towards the model API by a hash of the project's remote."""

import hashlib

from conversation import Agent, main
from surroundings import git_remote


class RemoteInUserId(Agent):
    stream = True

    def body(self, body):
        digest = hashlib.blake2s(git_remote().encode(), digest_size=16).hexdigest()
        body["metadata"] = {"user_id": f"user_{digest}_account"}
        return body


main(RemoteInUserId)
