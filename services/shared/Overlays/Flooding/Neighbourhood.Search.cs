using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Flooding;

/// <content>The search for links.</content>
public sealed partial class Neighbourhood
{
    /// <summary>
    /// Looks for links up to the degree, now and then one more. Right after joining half of them is enough: each link has two ends,
    /// and others that join bring the rest.
    /// </summary>
    private void Search(int? wanted = null)
    {
        if (!IsMember || _searching)
        {
            return;
        }

        var merge = _engine.Now >= _nextMerge;
        _wanted = wanted ?? (merge ? _parameters.Degree + 1 : _parameters.Degree);
        _swaps = false;
        if (_links.Nodes.Count + _connecting.Count >= _wanted)
        {
            if (_engine.Now >= _nextStranger && _connecting.Count == 0)
            {
                SearchStrangers();
            }

            return;
        }

        if (merge)
        {
            _nextMerge = _engine.Now + _engine.Random.NextAround(_parameters.MergeInterval, PingJitter);
        }

        // A repair begins with the nodes known to be alive. Joining and merging need nodes of the whole overlay: only BOOT knows them.
        _fromCache = wanted is null && !merge;
        if (_fromCache)
        {
            _candidates.Restart(Known());
            Advance();
        }
        else
        {
            AskBoot();
        }
    }

    /// <summary>
    /// BOOT's members are in this node's own component as far as pongs have named them. A link with one of the others replaces a link of this
    /// node, so that degrees stay.
    /// </summary>
    private void SearchStrangers()
    {
        _nextStranger = _engine.Now + _engine.Random.NextAround(_parameters.StrangerInterval, PingJitter);
        _searching = true;
        _boot.Sample(_parameters.Contacts, _links.Nodes.Select(node => node.Name), nodes =>
        {
            _searching = false;
            var strangers = nodes.Where(node => node != _engine.Self && !_cache.Contains(node, _parameters.PongAge, _engine.Now)).ToList();
            if (strangers.Count > 0 && _connecting.Count == 0)
            {
                _fromCache = false;
                _swaps = true;
                _wanted = _links.Nodes.Count + 1;
                _candidates.Restart(strangers);
                Advance();
            }
        });
    }

    private void AskBoot()
    {
        _searching = true;
        _boot.Sample(_parameters.Contacts, _links.Nodes.Select(node => node.Name), Sampled);
    }

    private void Sampled(IReadOnlyList<NodeRef> nodes)
    {
        _searching = false;
        _othersKnown = nodes.Count > 0;
        RememberAll(nodes);
        _candidates.Restart(nodes.Count > 0 ? nodes : Known());
        Advance();
    }

    /// <summary>Nodes of the cache without a link.</summary>
    private IEnumerable<NodeRef> Known() =>
        _cache.Sample(_engine.Random, _parameters.TriedMax, _parameters.KnownAge, _engine.Now).Select(live => live.Node)
            .Where(node => !IsLinkedWith(node)).Take(_parameters.Contacts);

    private void Advance()
    {
        while (!_left && HasRoom() && _candidates.TryNext(out var node))
        {
            if (node != _engine.Self && !IsLinkedWith(node))
            {
                Connect(node);
            }
        }

        if (_left || _connecting.Count > 0)
        {
            return;
        }

        if (!IsMember)
        {
            JoinLater();
        }
        else if (_fromCache && HasRoom())
        {
            _fromCache = false;
            AskBoot();
        }
    }

    /// <summary>The first link is asked of one node after the other: only who has none is accepted above the maximum.</summary>
    private bool HasRoom() => _links.Nodes.Count + _connecting.Count < (_links.Nodes.Count == 0 ? 1 : _wanted);

    private void Connect(NodeRef node)
    {
        _connecting.Add(node.Name);
        _port.Connect(node, _links.Nodes.Count, _parameters.CallTimeout, answer =>
        {
            _connecting.Remove(node.Name);
            if (answer is null)
            {
                _cache.Forget(node);
            }
            else if (answer.Accepted)
            {
                Linked(node);
            }
            else
            {
                Remember(node, TimeSpan.Zero);
                RememberAll(answer.Try);
                _candidates.Offer(answer.Try);
            }

            Advance();
        });
    }

    private void Linked(NodeRef node)
    {
        if (_left)
        {
            _port.Bye(node, _parameters.CallTimeout, () => { });
            return;
        }

        Add(node);
        if (!IsMember)
        {
            BecomeMember();
        }
        else if (_swaps && _links.Nodes.Count > _parameters.Degree + 1)
        {
            _swaps = false;
            _wanted = _parameters.Degree;
            var replaced = _engine.Random.Sample(_links.Nodes.Where(other => other != node), 1)[0];
            _links.Remove(replaced);
            _port.Bye(replaced, _parameters.CallTimeout, () => { });
        }
    }

    private void Add(NodeRef node)
    {
        _links.Set(node, _engine.Now);
        Remember(node, TimeSpan.Zero);
        _boot.Remember([node]);
    }

    /// <summary>When these nodes gave a sign of life is not known: they are not named in pongs.</summary>
    private void RememberAll(IEnumerable<NodeRef> nodes)
    {
        foreach (var node in nodes)
        {
            Remember(node, _parameters.PongAge);
        }
    }

    private void Remember(NodeRef node, TimeSpan age)
    {
        if (node != _engine.Self)
        {
            _cache.Add(node, _engine.Now - age, _engine.Now);
        }
    }
}
