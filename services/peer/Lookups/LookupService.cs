using System.Diagnostics;
using P2PCloud.Contracts.Api;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Common;
using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Lookups;

/// <summary>Lookups that enter the cloud at this peer.</summary>
public sealed class LookupService(PeerEngines engines, TimeProvider time)
{
    /// <summary>Postings asked for: Napster's cap, for all techniques, so that their answers compare.</summary>
    public const int PostingsMax = 100;

    /// <summary>Asks the four overlays' common question by one technique.</summary>
    /// <returns>Null when the technique cannot answer now.</returns>
    public async Task<LookupResult?> LookupAsync(
        string technique, string query, LookupMode mode, int limit, CancellationToken cancellationToken)
    {
        if (engines.Self is not { } self || engines.Of(technique) is not { } engine)
        {
            return null;
        }

        using var activity = OverlayTelemetry.StartLookup(technique, self.Name);
        var start = time.GetTimestamp();
        var found = await engine.CommandAsync(new SearchCommand(query, PostingsMax, mode), cancellationToken);
        var elapsed = time.GetElapsedTime(start);
        var hops = HopList.Number(found.Hops);
        OverlayTelemetry.EndLookup(activity, technique, found, hops.Count, elapsed);
        return found.Outcome is SearchOutcome.Failed
            ? null
            : new LookupResult(
                technique,
                query,
                self.Name,
                [.. MatchList.Of(found.Postings).Take(limit)],
                hops,
                found.Messages,
                Math.Round(elapsed.TotalMilliseconds, 3),
                (activity ?? Activity.Current)?.TraceId.ToHexString() ?? "",
                found.Outcome is SearchOutcome.Complete);
    }
}
