using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;

namespace P2PCloud.Gateway.Membership;

/// <summary>The peers that may take a request, best first: one when the client named it, else a few; or what is wrong.</summary>
internal readonly record struct EntryChoice(IReadOnlyList<NodeRef> Peers, ProblemHttpResult? Problem);

/// <summary>Chooses the peer through which a request enters the cloud: the one that is named, or each joined peer in turn.</summary>
internal sealed class EntryPeers(MembershipView membership, TimeProvider time, IOptions<GatewayOptions> options)
{
    private const int NamedMax = 20;
    private const int ChoicesMax = 8;
    private const int SuspectsMax = 10_000;

    private readonly ConcurrentDictionary<string, long> _suspects = new(StringComparer.Ordinal);
    private uint _turn;
    private volatile bool _doubted;

    /// <summary>The peer named by the client, or the next few of the joined ones when it named none.</summary>
    public async Task<EntryChoice> ChooseAsync(string? named, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(named))
        {
            return await AnyAsync(cancellationToken);
        }

        return await membership.FindAsync(named, cancellationToken) is { } peer
            ? new EntryChoice([peer], null)
            : new EntryChoice([], Unknown(named));
    }

    /// <summary>Makes a peer that did not answer the last choice for a while.</summary>
    public void Suspect(NodeRef peer)
    {
        if (_suspects.Count >= SuspectsMax)
        {
            _suspects.Clear();
        }

        _suspects[peer.App] = time.GetTimestamp();
        _doubted = true;
    }

    private async Task<EntryChoice> AnyAsync(CancellationToken cancellationToken)
    {
        var joined = membership.Current.Joined;
        if (joined.Count == 0 || _doubted)
        {
            // Where one peer is gone there may be more: BOOT knows who is left.
            _doubted = false;
            joined = (await membership.RecentAsync(cancellationToken)).Joined;
        }

        if (joined.Count == 0)
        {
            return new EntryChoice([], Problems.Unavailable(
                $"{(membership.Loaded ? "No peer has joined yet" : "BOOT has not answered yet, so no peer is known")}. Try again soon."));
        }

        var first = (int)(Interlocked.Increment(ref _turn) % (uint)joined.Count);
        var inTurn = joined.Skip(first).Concat(joined.Take(first));
        return new EntryChoice([.. inTurn.OrderBy(IsSuspect).Take(ChoicesMax)], null);
    }

    private bool IsSuspect(NodeRef peer)
    {
        if (!_suspects.TryGetValue(peer.App, out var since))
        {
            return false;
        }

        if (time.GetElapsedTime(since) < options.Value.SuspectAge)
        {
            return true;
        }

        _suspects.TryRemove(new KeyValuePair<string, long>(peer.App, since));
        return false;
    }

    private ProblemHttpResult Unknown(string named)
    {
        var known = membership.Current.Peers;
        var list = string.Join(", ", known.Take(NamedMax).Select(member => member.Node.App));
        var more = known.Count > NamedMax ? $" and {known.Count - NamedMax} more" : "";
        var valid = known.Count == 0 ? "No peer is known yet" : $"There are {list}{more}";
        return Problems.BadRequest($"There is no peer '{named}'. {valid}.");
    }
}
