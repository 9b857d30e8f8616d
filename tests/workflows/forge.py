"""What a forge holds for a release, in a folder of this machine."""

import subprocess


class Forge:
    """What a forge would hold for a release: a bare repository, a pair of keys, a version that was delivered before."""

    def __init__(self, folder):
        self.repository, self.release = folder / "forge.git", folder / "release"
        self.public, self.secret = folder / "filrouge.pub", folder / "filrouge.key"
        subprocess.run(["git", "init", "--quiet", "--bare", self.repository], check=True)
        quiet = {"check": True, "stdout": subprocess.DEVNULL}
        subprocess.run(["minisign", "-G", "-W", "-p", self.public, "-s", self.secret], **quiet)

        self.release.mkdir()
        (self.release / "NOTES.md").write_text("Une version livrée.\n")
        sums = self.release / "SHA256SUMS"
        with sums.open("w") as file:
            subprocess.run(["sha256sum", "NOTES.md"], cwd=self.release, check=True, stdout=file)
        subprocess.run(["minisign", "-S", "-W", "-s", self.secret, "-m", sums], **quiet)

    def words(self):
        """The options of `act` that stand for the settings of the forge."""
        yield from ("--var", f"FILROUGE_PUBLIC_KEY={self.public.read_text()}")
        yield from ("--secret", f"FILROUGE_SIGNING_KEY={self.secret.read_text()}")
        yield from ("--env", f"FILROUGE_REMOTE={self.repository}")
        yield from ("--env", f"FILROUGE_RELEASE={self.release}")

    def references(self):
        listed = ["git", "for-each-ref", "--format=%(refname)"]
        return subprocess.run(listed, cwd=self.repository, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
