using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Checks that a contact's id is the hash of its name, and remembers who did not answer lately.</summary>
internal sealed class ContactBook(Func<NodeRef, NodeId> idOf, TimeSpan suspicionTime)
{
    private const int CheckedMax = 10_000;

    private readonly Dictionary<string, NodeId> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _suspects = new(StringComparer.Ordinal);

    /// <summary>Contacts refused so far.</summary>
    public long Refused { get; private set; }

    /// <summary>The contact of a node.</summary>
    public ChordContact Of(NodeRef node) => new(IdOf(node), node);

    /// <summary>Whether the id is right; if not, it is counted.</summary>
    public bool Accepts(ChordContact? contact)
    {
        if (contact is null)
        {
            return false;
        }

        if (contact.Node.VirtualNode is not null && IdOf(contact.Node) == contact.Id)
        {
            return true;
        }

        Refused++;
        return false;
    }

    /// <summary>The contacts whose ids are right.</summary>
    public List<ChordContact> Accepted(IEnumerable<ChordContact> contacts) => [.. contacts.Where(Accepts)];

    /// <summary>The node did not answer.</summary>
    public void Suspect(ChordContact contact, DateTimeOffset now)
    {
        foreach (var over in _suspects.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList())
        {
            _suspects.Remove(over);
        }

        _suspects[contact.Node.Name] = now + suspicionTime;
    }

    /// <summary>The node has answered.</summary>
    public void Trust(ChordContact contact) => _suspects.Remove(contact.Node.Name);

    /// <summary>Whether the node did not answer lately.</summary>
    public bool IsSuspect(ChordContact contact, DateTimeOffset now) => _suspects.TryGetValue(contact.Node.Name, out var until) && now < until;

    private NodeId IdOf(NodeRef node)
    {
        if (!_ids.TryGetValue(node.Name, out var id))
        {
            if (_ids.Count >= CheckedMax)
            {
                _ids.Clear();
            }

            _ids[node.Name] = id = idOf(node);
        }

        return id;
    }
}
