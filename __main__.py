"""Provision users from Microsoft Entra ID into Elium: one environment, as its ``Pulumi.<stack>.yaml`` declares it."""

from provisioning.components import EliumProvisioning, errors_as_sentences, export_outputs, settings_of_stack

with errors_as_sentences():
    export_outputs(EliumProvisioning("elium", settings_of_stack()))
