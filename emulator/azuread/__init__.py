"""A stand-in for the official azuread plugin of Pulumi, for where that one cannot be downloaded.

It answers the engine as the official plugin does, for the resources and functions that this project uses, by sending
the same requests to Microsoft Graph. It speaks only to Graph on loopback: it is made for the emulator and nothing else.
What it promises is written in the official provider's sources (hashicorp/terraform-provider-azuread, bridged by
pulumi/pulumi-azuread) and in the classes of the ``pulumi_azuread`` wheel. Two things differ on purpose: it waits for
what it created once, with growing steps, instead of five reads that are five seconds apart, and it asks for a token
only when the first request needs one.
"""
