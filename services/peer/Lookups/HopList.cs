using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Peer.Lookups;

/// <summary>Trees of hops as the numbered list that people get.</summary>
public static class HopList
{
    /// <summary>Numbers the hops breadth first, so that a parent comes before its children.</summary>
    public static IReadOnlyList<LookupHop> Number(IReadOnlyList<Hop> roots)
    {
        var numbered = new List<LookupHop>();
        var waiting = new Queue<(Hop Hop, int? Parent)>(roots.Select(hop => (hop, (int?)null)));
        while (waiting.TryDequeue(out var next))
        {
            var (hop, parent) = next;
            var index = numbered.Count;
            numbered.Add(new LookupHop(index, parent, hop.From, hop.To, hop.Local, Math.Round(hop.ElapsedMs, 3), hop.Outcome));
            foreach (var child in hop.Children ?? [])
            {
                waiting.Enqueue((child, index));
            }
        }

        return numbered;
    }
}
