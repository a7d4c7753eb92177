class Payment:
    """A payment that the customer has authorised and that is still to be captured."""

    def __init__(self, provider, token):
        self.provider = provider
        self.token = token

    def capture(self, amount):
        self.provider.capture(self.token, amount)
