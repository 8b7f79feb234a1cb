using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Overlays.Chord;

/// <summary>Which nodes a lookup may be sent to as the owner of a key past the key's predecessor. Not again after a guess was wrong.</summary>
internal enum Guesses
{
    /// <summary>None.</summary>
    None,

    /// <summary>The successor list.</summary>
    List,

    /// <summary>The successor list, remembered owners and the table of members.</summary>
    All,
}

/// <summary>
/// find_successor's choice of the next node (ToN 2003, figure 4), over successor list, fingers, sibling virtual nodes and, with full
/// routing, the table of members. Candidates are best first; the others are ways round nodes that do not answer.
/// </summary>
internal sealed class Router(ChordNode node)
{
    private const int CandidatesFew = 8;
    private const int CandidatesMany = 40;
    private const int OwnersMax = 3;

    private RingState Ring => node.Ring;

    /// <summary>Where nodes are known to be dead and still in the lists, more ways round them are needed.</summary>
    private int CandidatesMax => node.Contacts.HasSuspects(node.Now) || !node.Parameters.Repairs ? CandidatesMany : CandidatesFew;

    /// <summary>The next steps for a key that this node does not own.</summary>
    /// <param name="key">The key.</param>
    /// <param name="guesses">Which owners may be guessed.</param>
    public List<NextHop> Next(NodeId key, Guesses guesses)
    {
        var steps = new List<NextHop>(CandidatesMax);
        var distance = Ring.Space.Distance(Ring.Self.Id, key);
        if (Ring.IsAlone)
        {
            return steps;
        }

        if (distance != 0 && distance <= DistanceOf(Ring.Successor))
        {
            AddOwners(steps, 0, LookupAim.Owner, Ring.Successors.Count);
            return Unsuspected(steps);
        }

        var following = LastBefore(Ring.Successors, distance) + 1;
        if (guesses is Guesses.All)
        {
            AddRemembered(steps, key);
        }

        if (guesses is not Guesses.None && node.Parameters.GuessesOwners)
        {
            AddListed(steps, distance, following);
        }

        AddPreceding(steps, key, distance, following);
        AddFollowing(steps, distance, following);
        return Unsuspected(steps);
    }

    /// <summary>
    /// The next steps for a key whose owner this node was taken for: the known nodes from the key up to this one, nearest to the key first.
    /// </summary>
    public List<NextHop> Back(NodeId key)
    {
        var known = node.Members?.OwnerOf(key) is { } member ? Known().Append(member) : Known();
        var between = known.Where(contact => contact.Id == key || Ring.Space.IsBetween(key, contact.Id, Ring.Self.Id))
            .DistinctBy(contact => contact.Id)
            .OrderBy(contact => Ring.Space.Distance(key, contact.Id))
            .Take(OwnersMax)
            .Select(contact => new NextHop(contact, contact.Id == Ring.Predecessor?.Id ? LookupAim.Owner : LookupAim.Guess));
        return Unsuspected([.. between]);
    }

    private UInt128 DistanceOf(ChordContact contact) => Ring.Space.Distance(Ring.Self.Id, contact.Id);

    private IEnumerable<ChordContact> Known()
    {
        var known = Ring.Successors.Concat(node.Fingers.Distinct).Concat(node.Siblings);
        return Ring.Predecessor is { } predecessor && predecessor.Id != Ring.Self.Id ? known.Prepend(predecessor) : known;
    }

    private void AddOwners(List<NextHop> steps, int first, LookupAim aim, int count)
    {
        for (var i = first; i < Ring.Successors.Count && i < first + count; i++)
        {
            steps.Add(new NextHop(Ring.Successors[i], aim));
        }
    }

    /// <summary>The table hears of who joins; what the location cache remembers may be of before.</summary>
    private void AddRemembered(List<NextHop> steps, NodeId key)
    {
        if (node.Members?.OwnerOf(key) is { } member && member.Id != Ring.Self.Id)
        {
            steps.Add(new NextHop(member, LookupAim.Guess));
        }

        if (node.Owners.Find(key) is { } cached && cached.Id != Ring.Self.Id && !Has(steps, cached))
        {
            steps.Add(new NextHop(cached, LookupAim.Guess));
        }
    }

    /// <summary>The list has every member up to its end: the first at or after the key owns it.</summary>
    /// <param name="steps">To add to.</param>
    /// <param name="distance">Of the key.</param>
    /// <param name="following">Place of that first one in the list.</param>
    private void AddListed(List<NextHop> steps, UInt128 distance, int following)
    {
        if (distance != 0 && following < Ring.Successors.Count && !Has(steps, Ring.Successors[following]))
        {
            AddOwners(steps, following, LookupAim.Guess, 1);
        }
    }

    /// <summary>The known nodes strictly between this one and the key, nearest to the key first.</summary>
    private void AddPreceding(List<NextHop> steps, NodeId key, UInt128 distance, int following)
    {
        var fingers = node.Fingers.Distinct;
        var successors = Ring.Successors;
        var finger = LastBefore(fingers, distance);
        var successor = following - 1;
        var max = CandidatesMax;
        if (!node.Parameters.RoutesBySuccessors)
        {
            while (finger >= 0 && steps.Count < max / 2)
            {
                AddOnce(steps, fingers[finger--]);
            }

            AddOnce(steps, successors[0]);
            finger = -1;
        }

        while (steps.Count < max && (finger >= 0 || successor >= 0))
        {
            var fromList = successor >= 0 && (finger < 0 || DistanceOf(successors[successor]) >= DistanceOf(fingers[finger]));
            AddOnce(steps, fromList ? successors[successor--] : fingers[finger--]);
        }

        if (node.Members?.Before(key) is { } member && DistanceOf(member) is var place && place > 0 && place < distance)
        {
            AddMember(steps, member, place);
        }

        foreach (var sibling in node.Siblings)
        {
            if (DistanceOf(sibling) is var away && away > 0 && away < distance && !Has(steps, sibling))
            {
                InsertNearest(steps, sibling, away);
            }
        }
    }

    /// <summary>When all nodes between this one and the key are dead, the next of the list owns it.</summary>
    private void AddFollowing(List<NextHop> steps, UInt128 distance, int following)
    {
        if (distance != 0)
        {
            AddOwners(steps, following, LookupAim.Owner, Ring.Successors.Count);
        }
    }

    private void AddMember(List<NextHop> steps, ChordContact member, UInt128 distance)
    {
        steps.RemoveAll(step => step.Contact.Id == member.Id && step.Aim is LookupAim.Forward);
        InsertNearest(steps, member, distance);
    }

    private static bool Has(List<NextHop> steps, ChordContact contact) => steps.Exists(step => step.Contact.Id == contact.Id);

    private void InsertNearest(List<NextHop> steps, ChordContact contact, UInt128 distance)
    {
        var place = steps.FindIndex(step => step.Aim is LookupAim.Forward && DistanceOf(step.Contact) < distance);
        steps.Insert(place < 0 ? steps.Count : place, new NextHop(contact, LookupAim.Forward));
    }

    private static void AddOnce(List<NextHop> steps, ChordContact contact)
    {
        if (steps.Count == 0 || steps[^1].Contact.Id != contact.Id)
        {
            steps.Add(new NextHop(contact, LookupAim.Forward));
        }
    }

    /// <summary>Index of the last of the contacts, nearest first, that is nearer than a distance; -1 when none is.</summary>
    private int LastBefore(IReadOnlyList<ChordContact> contacts, UInt128 distance) =>
        (distance == 0 ? contacts.Count : Ring.Space.PlaceOf(contacts, Ring.Self.Id, distance, static contact => contact.Id)) - 1;

    /// <summary>Those that answered lately; the others are better than none.</summary>
    private List<NextHop> Unsuspected(List<NextHop> steps)
    {
        if (!node.Contacts.HasSuspects(node.Now))
        {
            return steps;
        }

        var trusted = steps.Where(step => !node.Contacts.IsSuspect(step.Contact, node.Now)).ToList();
        return trusted.Count > 0 ? trusted : steps;
    }
}
