using System.Numerics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Simulation.Chord;

/// <summary>What must hold once failures and joins have stopped for a while (Zave 2017, progress; protocols.md 5, "Must hold").</summary>
public static class IdealState
{
    /// <summary>
    /// How the ring differs from the ideal one: each member's predecessor is the member before it, its list the next min(r, N - 1) members,
    /// and nothing is on its way between owners. Alone, a member is its own predecessor and has an empty list.
    /// </summary>
    /// <returns>Member and difference; nothing in the ideal state.</returns>
    public static IEnumerable<(string? Node, string Rule)> Differences(RingView ring)
    {
        var length = Math.Min(ring.ListLength, ring.Count - 1);
        for (var place = 0; place < ring.Count; place++)
        {
            var member = ring.Members[place];
            var before = ring.Members[(place + ring.Count - 1) % ring.Count];
            if (member.Predecessor?.Id != before.Self.Id)
            {
                yield return (member.Self.Node.Name, $"predecessor is {member.Predecessor?.Node.Name ?? "unknown"}, not {before.Self.Node.Name}");
            }

            if (!IsNext(ring, place, length))
            {
                var list = string.Join(' ', member.Successors.Select(contact => contact.Node.Name));
                yield return (member.Self.Node.Name, $"successor list is not the next {length} members: {list}");
            }

            if (member.IsTakingOver)
            {
                yield return (member.Self.Node.Name, "still takes keys over");
            }
        }
    }

    /// <summary>
    /// Fingers that are wrong: one that is not a live member, or not the successor of any start n + j 2^m / b^i with 1 &lt;= j &lt; b
    /// (protocols.md 5.5), and starts whose successor is neither a finger nor in the successor list.
    /// </summary>
    /// <param name="ring">In the ideal state.</param>
    /// <param name="fingerBase">b, a power of two.</param>
    public static IEnumerable<(string? Node, string Rule)> WrongFingers(RingView ring, int fingerBase)
    {
        foreach (var member in ring.Members)
        {
            HashSet<NodeId> right = [.. Starts(ring.Space, member.Self.Id, fingerBase).Select(start => ring.OwnerOf(start).Self.Id)];
            foreach (var finger in member.Fingers.Where(finger => !right.Contains(finger.Id)))
            {
                yield return (member.Self.Node.Name, $"finger {finger.Node.Name} is {(ring.Contains(finger.Id) ? "the successor of no start" : "dead")}");
            }

            right.ExceptWith(ring.ExtendedList(member));
            right.ExceptWith(member.Fingers.Select(finger => finger.Id));
            foreach (var missing in right)
            {
                yield return (member.Self.Node.Name, $"no finger to {ring.Members[ring.PlaceOf(missing)].Self.Node.Name}");
            }
        }
    }

    /// <summary>
    /// Copies that are missing or out of date: the latest version of each key, be it a value or a tombstone, is held by its owner and by the
    /// next min(k, N) - 1 members. A deletion that only others hold is not seen by those who read.
    /// </summary>
    /// <param name="ring">In the ideal state, one member a peer.</param>
    /// <param name="replication">k.</param>
    /// <param name="records">What each member holds.</param>
    public static IEnumerable<(string? Node, string Rule)> MisplacedCopies(
        RingView ring, int replication, IReadOnlyDictionary<NodeId, List<KeyRecord>> records)
    {
        var held = records.ToDictionary(
            member => member.Key, member => member.Value.ToDictionary(record => record.Key, record => record.Version, StringComparer.Ordinal));
        var latest = records.Values.SelectMany(all => all).GroupBy(record => record.Key, (_, all) => all.MaxBy(record => record.Version)!);
        foreach (var record in latest)
        {
            var place = ring.PlaceAtOrAfter(record.Id);
            for (var i = 0; i < Math.Min(replication, ring.Count); i++)
            {
                var holder = ring.Members[(place + i) % ring.Count].Self;
                if (!held[holder.Id].TryGetValue(record.Key, out var version) || version != record.Version)
                {
                    yield return (holder.Node.Name, $"{record.Key}: copy {i} is {version?.ToString() ?? "missing"}, not {record.Version}");
                }
            }
        }
    }

    private static bool IsNext(RingView ring, int place, int length)
    {
        var list = ring.Members[place].Successors;
        if (list.Count != length)
        {
            return false;
        }

        for (var i = 0; i < length; i++)
        {
            if (list[i].Id != ring.Members[(place + 1 + i) % ring.Count].Self.Id)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>n + j 2^m / b^i, which is n + j b^i' where m is a multiple of the bits of b - 1.</summary>
    private static IEnumerable<NodeId> Starts(RingSpace space, NodeId self, int fingerBase)
    {
        var digit = BitOperations.Log2((uint)fingerBase);
        for (var shift = space.Bits - digit; shift >= 0; shift -= digit)
        {
            for (var j = 1; j < fingerBase; j++)
            {
                yield return space.Add(self, (UInt128)(uint)j << shift);
            }
        }
    }
}
