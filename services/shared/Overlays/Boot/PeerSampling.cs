using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Boot;

/// <summary>How a node exchanges its view.</summary>
public sealed record PeerSamplingParameters
{
    /// <summary>c: entries of a view at most, at least 1.</summary>
    public int ViewSize { get; init; } = 20;

    /// <summary>l: entries sent in a shuffle at most, 1 to c.</summary>
    public int ShuffleLength { get; init; } = 5;

    /// <summary>ΔT: mean time between two shuffles that a node begins; 20 % jitter.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a shuffle may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Mean time between two contacts that are asked of BOOT although the view is full, which joins views that were cut apart.</summary>
    public TimeSpan ReseedInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The same parameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    public PeerSamplingParameters Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ViewSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ShuffleLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ShuffleLength, ViewSize);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Period, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CallTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReseedInterval, TimeSpan.Zero);
        return this;
    }
}

/// <summary>
/// A node's view of its overlay: a few other nodes, renewed by Cyclon's enhanced shuffling (Voulgaris, Gavidia, van Steen, Journal of
/// Network and Systems Management 13(2), 2005, section 3.2), so that it is a fresh random sample without anybody in the middle. Part of an
/// engine, which says when to shuffle and hands requests over.
/// </summary>
public sealed class PeerSampling
{
    private readonly Engine _engine;
    private readonly PeerSamplingParameters _parameters;
    private readonly Action _changed;
    private readonly List<ViewEntry> _view = [];

    /// <summary>A node with an empty view.</summary>
    /// <param name="engine">Whose calls are used.</param>
    /// <param name="parameters">See there.</param>
    /// <param name="changed">Called when the view has changed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public PeerSampling(Engine engine, PeerSamplingParameters parameters, Action changed)
    {
        _engine = engine;
        _parameters = parameters.Checked();
        _changed = changed;
    }

    /// <summary>The view: each node once, never this one.</summary>
    public IReadOnlyList<ViewEntry> View => _view;

    /// <summary>Takes nodes that were learnt elsewhere into the view, as the youngest; in a full view each takes the place of the oldest.</summary>
    public void Seed(IEnumerable<NodeRef> nodes)
    {
        foreach (var node in nodes.Where(IsNew).Distinct().Take(_parameters.ViewSize).ToList())
        {
            if (_view.Count == _parameters.ViewSize)
            {
                _view.Remove(Oldest());
            }

            _view.Add(new ViewEntry(node, 0));
        }

        _changed();
    }

    /// <summary>
    /// Shuffles once: all entries age, the oldest is taken out and its node asked, l - 1 others and this node go along. A node that
    /// does not answer stays out, and so dead nodes vanish.
    /// </summary>
    public void Shuffle()
    {
        if (_view.Count == 0)
        {
            return;
        }

        for (var i = 0; i < _view.Count; i++)
        {
            _view[i] = _view[i] with { Age = _view[i].Age + 1 };
        }

        var oldest = Oldest();
        _view.Remove(oldest);
        var sent = _engine.Random.Sample(_view, _parameters.ShuffleLength - 1);
        var request = new ShuffleRequest([new ViewEntry(_engine.Self, 0), .. sent]);
        _engine.Call(oldest.Node, request, _parameters.CallTimeout, reply => Merge(reply?.Entries ?? [], sent));
        _changed();
    }

    /// <summary>Answers another node's shuffle with as many random entries as it may have, and takes its entries in.</summary>
    public ShuffleReply Answer(ShuffleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var sent = _engine.Random.Sample(_view, Math.Min(request.Entries.Count, _parameters.ShuffleLength));
        Merge(request.Entries, sent);
        return new ShuffleReply(sent);
    }

    /// <summary>Forgets everybody.</summary>
    public void Clear() => _view.Clear();

    /// <summary>
    /// Entries of this node and of nodes that are in the view are left out; of the latter the address is taken when it is younger. The
    /// rest fill free places first, then those of the entries sent.
    /// </summary>
    private void Merge(IReadOnlyList<ViewEntry> received, List<ViewEntry> sent)
    {
        var replaceable = new Queue<NodeRef>(sent.Select(entry => entry.Node));
        foreach (var entry in received.Take(_parameters.ShuffleLength).Where(entry => entry.Node != _engine.Self && entry.Age >= 0))
        {
            var known = _view.FindIndex(other => other.Node == entry.Node);
            if (known >= 0)
            {
                _view[known] = entry.Age < _view[known].Age ? _view[known] with { Node = entry.Node } : _view[known];
            }
            else if (_view.Count < _parameters.ViewSize || TryFree(replaceable))
            {
                _view.Add(entry);
            }
        }

        _changed();
    }

    private bool TryFree(Queue<NodeRef> replaceable)
    {
        while (replaceable.TryDequeue(out var node))
        {
            if (_view.RemoveAll(entry => entry.Node == node) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNew(NodeRef node) => node != _engine.Self && !_view.Exists(entry => entry.Node == node);

    /// <summary>Of several that are equally old one by chance, so that no node is asked by many at once.</summary>
    private ViewEntry Oldest()
    {
        var age = _view.Max(entry => entry.Age);
        return _engine.Random.Sample(_view.Where(entry => entry.Age == age), 1)[0];
    }
}
