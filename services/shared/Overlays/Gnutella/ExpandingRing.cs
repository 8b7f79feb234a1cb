using P2PCloud.Contracts;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>
/// Floods of growing TTL until another node has a hit, each with a GUID of its own; the last has the servent's TTL. It costs the sum of
/// its floods (Lv et al., ICS 2002, section 4).
/// </summary>
internal sealed class ExpandingRing(Flood flood, string self, IReadOnlyList<int> ttls)
{
    private readonly List<Hop> _hops = [];
    private int _messages;

    /// <summary>The TTLs of the rings of a servent: those below its own TTL, and its own.</summary>
    public static IReadOnlyList<int> Ttls(IEnumerable<int> rings, int ttl) => [.. rings.Where(ring => ring < ttl), ttl];

    /// <summary>Sends the first ring.</summary>
    /// <param name="guid">Of the first ring.</param>
    /// <param name="query">At most 256 characters.</param>
    /// <param name="limit">How many hits a node may answer with.</param>
    /// <param name="done">Gets the last ring's postings and outcome, and the hops and messages of all.</param>
    public void Originate(DescriptorId guid, string query, int limit, Action<FloodResult> done) => Send(0, guid, query, limit, done);

    private void Send(int ring, DescriptorId guid, string query, int limit, Action<FloodResult> done) => flood.Originate(
        guid,
        query,
        limit,
        result =>
        {
            _hops.AddRange(result.Hops);
            _messages += result.Messages;
            if (ring == ttls.Count - 1 || result.Postings.Any(posting => posting.Peer != self))
            {
                done(result with { Hops = _hops, Messages = _messages });
            }
            else
            {
                Send(ring + 1, flood.NewGuid(), query, limit, done);
            }
        },
        ttls[ring]);
}
