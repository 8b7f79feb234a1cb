using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Checks that a contact's id is the hash of its name, and remembers who did not answer lately and who was lost.</summary>
internal sealed class ContactBook(Func<NodeRef, NodeId> idOf, TimeSpan suspicionTime)
{
    private const int LostMax = 32;
    private const int SuspectsMax = 1024;

    private Dictionary<NodeId, DateTimeOffset>? _suspects;
    private List<NodeRef>? _lost;
    private DateTimeOffset _suspectedUntil;

    /// <summary>Contacts refused so far.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether anybody is suspected.</summary>
    public bool HasSuspects(DateTimeOffset now) => now < _suspectedUntil;

    /// <summary>Nodes that stopped answering, latest last: those that were cut off may be back.</summary>
    public IReadOnlyList<NodeRef> Lost => _lost ?? [];

    /// <summary>The contact of a node.</summary>
    public ChordContact Of(NodeRef node) => new(idOf(node), node);

    /// <summary>Whether the id is right; if not, it is counted.</summary>
    public bool Accepts(ChordContact? contact)
    {
        if (contact is null)
        {
            return false;
        }

        if (contact.Node.VirtualNode is not null && idOf(contact.Node) == contact.Id)
        {
            return true;
        }

        Refused++;
        return false;
    }

    /// <summary>The contacts whose ids are right.</summary>
    public List<ChordContact> Accepted(IReadOnlyList<ChordContact> contacts)
    {
        var accepted = new List<ChordContact>(contacts.Count);
        foreach (var contact in contacts)
        {
            if (Accepts(contact))
            {
                accepted.Add(contact);
            }
        }

        return accepted;
    }

    /// <summary>The node did not answer, or has left.</summary>
    public void Suspect(ChordContact contact, DateTimeOffset now)
    {
        _suspects ??= [];
        _suspectedUntil = now + suspicionTime;
        if (_suspects.Count >= SuspectsMax)
        {
            foreach (var over in _suspects.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList())
            {
                _suspects.Remove(over);
            }
        }

        if (_suspects.Count < SuspectsMax)
        {
            _suspects[contact.Id] = now + suspicionTime;
        }
    }

    /// <summary>The node does not answer any more and is taken out of this node's lists.</summary>
    public void Lose(ChordContact contact)
    {
        _lost ??= [];
        _lost.Remove(contact.Node);
        _lost.Add(contact.Node);
        if (_lost.Count > LostMax)
        {
            _lost.RemoveAt(0);
        }
    }

    /// <summary>The node has answered.</summary>
    public void Trust(ChordContact contact)
    {
        if (_suspects is { Count: > 0 })
        {
            _suspects.Remove(contact.Id);
        }
    }

    /// <summary>Whether the node did not answer lately.</summary>
    public bool IsSuspect(ChordContact contact, DateTimeOffset now) =>
        HasSuspects(now) && _suspects!.TryGetValue(contact.Id, out var until) && now < until;
}
