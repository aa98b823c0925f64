"""Bundles (高效办成一件事): one form, several departments. Steps run side by side or after each other, each as a case of its own.

`plan` is pure and says where every step stands; `following` moves a bundle on when a case of it moves.
"""
