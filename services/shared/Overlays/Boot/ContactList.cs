using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Boot;

/// <summary>Members of one overlay that were heard of last, the newest first, each once; bounded.</summary>
public sealed class ContactList
{
    private readonly int _max;
    private readonly List<NodeRef> _nodes = [];

    /// <summary>An empty list.</summary>
    /// <param name="max">Members at most, at least 1.</param>
    public ContactList(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        _max = max;
    }

    /// <summary>The members.</summary>
    public IReadOnlyList<NodeRef> Nodes => _nodes;

    /// <summary>Puts members at the front, in their order; the oldest give way. An address given later takes the place of an earlier one.</summary>
    public void Remember(IEnumerable<NodeRef> nodes)
    {
        List<NodeRef> newest = [.. nodes.Distinct().Take(_max)];
        _nodes.RemoveAll(newest.Contains);
        _nodes.InsertRange(0, newest);
        if (_nodes.Count > _max)
        {
            _nodes.RemoveRange(_max, _nodes.Count - _max);
        }
    }
}
