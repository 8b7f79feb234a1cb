using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>
/// What the origin of a random walk knows of it. It ends when every walker has ended and every hit has come that the walkers told of, or
/// when what is missing is given up as lost.
/// </summary>
internal sealed class Walk
{
    private readonly string _origin;
    private readonly WalkParameters _parameters;
    private readonly DateTimeOffset _start;
    private readonly Action<FloodResult> _done;
    private readonly SortedDictionary<int, DateTimeOffset> _running = [];
    private readonly List<WalkStep>[] _trails;
    private int _messages;
    private int _hits;
    private int _awaited;
    private bool _lost;
    private DateTimeOffset _news;

    public Walk(string origin, WalkParameters parameters, DateTimeOffset now, Action<FloodResult> done)
    {
        _origin = origin;
        _parameters = parameters;
        _start = _news = now;
        _done = done;
        _trails = new List<WalkStep>[parameters.Walkers];
        for (var walker = 0; walker < parameters.Walkers; walker++)
        {
            _trails[walker] = [];
            _running[walker] = now;
        }
    }

    public bool IsOver { get; private set; }

    /// <summary>Postings found; this node's own are not counted as hits.</summary>
    public List<Posting> Found { get; } = [];

    private bool IsSatisfied => _hits >= _parameters.HitsWanted;

    /// <summary>Counts a hit and the steps that it made.</summary>
    /// <param name="hits">Postings of one node.</param>
    /// <param name="steps">Steps from there.</param>
    /// <param name="max">Postings kept.</param>
    /// <param name="now">The time.</param>
    public void Hit(IReadOnlyList<Posting> hits, int steps, int max, DateTimeOffset now)
    {
        if (!IsOver)
        {
            _messages += steps;
            _hits += hits.Count;
            _awaited--;
            _news = now;
            Found.AddRange(hits.Take(max - Found.Count));
            EndWhenDone();
        }
    }

    /// <summary>A walker reports.</summary>
    /// <param name="walker">Which.</param>
    /// <param name="trail">Its steps since it reported last.</param>
    /// <param name="answers">Nodes that sent a hit on these steps.</param>
    /// <param name="messages">What the report itself cost.</param>
    /// <param name="ended">Whether it ends in any case.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it goes on.</returns>
    public bool Report(int walker, IReadOnlyList<WalkStep> trail, int answers, int messages, bool ended, DateTimeOffset now)
    {
        if (!_running.ContainsKey(walker))
        {
            return false;
        }

        _trails[walker].AddRange(trail);
        _messages += trail.Count + messages;
        _running[walker] = _news = now;
        _awaited += answers;
        if (!ended && !IsSatisfied)
        {
            return true;
        }

        _running.Remove(walker);
        EndWhenDone();
        return false;
    }

    /// <summary>Gives up walkers that have been silent for too long, and all of them when the lookup has taken too long.</summary>
    public void Watch(DateTimeOffset now)
    {
        var silence = _parameters.StepTimeout * (IsSatisfied ? 2 : _parameters.CheckEvery + 2);
        var late = now - _start >= _parameters.TimeMax;
        foreach (var (walker, _) in _running.Where(entry => late || now - entry.Value >= silence).ToList())
        {
            _lost = true;
            _running.Remove(walker);
        }

        if (late || now - _news >= silence)
        {
            _lost |= _awaited > 0;
            _awaited = 0;
        }

        EndWhenDone();
    }

    private void EndWhenDone()
    {
        if (!IsOver && _running.Count == 0 && _awaited <= 0)
        {
            IsOver = true;
            _done(new FloodResult(
                _lost ? SearchOutcome.Partial : SearchOutcome.Complete, [.. Found], [.. _trails.SelectMany(Hops)], _messages));
        }
    }

    /// <summary>The way of a walker as a chain of hops; a step after which the walker stayed has no children.</summary>
    private List<Hop> Hops(List<WalkStep> steps)
    {
        var trail = steps.Where(step => step.To.Length > 0).ToList();
        var from = new string[trail.Count];
        var at = _origin;
        for (var i = 0; i < trail.Count; i++)
        {
            from[i] = at;
            at = trail[i].Outcome is null ? trail[i].To : at;
        }

        List<Hop> hops = [];
        for (var i = trail.Count - 1; i >= 0; i--)
        {
            var (to, elapsed, outcome) = trail[i];
            var hop = new Hop(from[i], to, false, elapsed, outcome is HopOutcomes.Ok ? null : outcome);
            hops = outcome is null ? [hop with { Children = hops.Count > 0 ? hops : null }] : [hop, .. hops];
        }

        return hops;
    }
}
