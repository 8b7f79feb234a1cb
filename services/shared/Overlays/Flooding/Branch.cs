using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Flooding;

/// <summary>
/// One node's part of a flood: what it has sent and not yet been acknowledged. It ends when nothing is left, and the node then
/// acknowledges its own query (the echo algorithm of Chang, IEEE TSE 1982).
/// </summary>
internal sealed class Branch
{
    private readonly Action<Branch> _ended;
    private readonly List<Hop> _hops = [];
    private int _pending = 1;
    private bool _over;

    /// <summary>A branch that stays open until the first <see cref="Release"/>.</summary>
    public Branch(Action<Branch> ended) => _ended = ended;

    /// <summary>Messages sent here and below.</summary>
    public int Messages { get; private set; }

    /// <summary>Hops that followed from this one.</summary>
    public IReadOnlyList<Hop> Hops => _hops;

    /// <summary>Hits that arrived, at the origin.</summary>
    public List<Posting> Found { get; } = [];

    /// <summary>A message was sent and will be released. One sent after the end is not waited for.</summary>
    public void Sent()
    {
        _pending++;
        Messages++;
    }

    /// <summary>A neighbour's branch has ended.</summary>
    public void Report(FloodReport report)
    {
        Messages += report.Messages;
        if (report.Hop is { } hop)
        {
            _hops.Add(hop);
        }
    }

    /// <summary>A neighbour was not reached.</summary>
    public void Failed(Hop hop) => _hops.Add(hop);

    /// <summary>One less to wait for.</summary>
    public void Release()
    {
        _pending--;
        if (_pending == 0 && !_over)
        {
            _over = true;
            _ended(this);
        }
    }
}
