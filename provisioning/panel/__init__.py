"""A page on loopback that shows provisioning as it goes, for one stack or many, and steers what is safe to steer.

How it works: a *place* (:mod:`provisioning.panel.place`) is a page and what watches behind it. It looks at Graph in a
task of its own and keeps what it saw; a *part* of the page is drawn from that and from nothing else. What has changed
is told to :class:`~provisioning.panel.live.Live`, which sends those who have the page open the parts that are drawn
otherwise now. So ten open pages ask Graph no more than one.

A page is whole without its script, which only puts in what is sent and spares loading a page anew.
"""
