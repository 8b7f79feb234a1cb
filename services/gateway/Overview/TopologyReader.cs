using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Boot;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Overview;

/// <summary>What the members say of themselves, and which of them BOOT lists as joined.</summary>
internal sealed record Observation(Topology Topology, MembershipSnapshot Members);

/// <summary>Asks every member for its state. One question at a time; callers who come meanwhile share its answer.</summary>
internal sealed class TopologyReader(MembershipView membership, NodeClient nodes, TimeProvider time, IOptions<GatewayOptions> options)
    : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private (Observation Observation, long ReadAt)? _last;

    /// <summary>The topology, not older than <paramref name="age"/>.</summary>
    public async Task<Observation> ReadAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || time.GetElapsedTime(last.ReadAt) > age)
            {
                _last = last = (await ReadNowAsync(cancellationToken), time.GetTimestamp());
            }

            return last.Observation;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task<Observation> ReadNowAsync(CancellationToken cancellationToken)
    {
        var members = await membership.RecentAsync(cancellationToken);
        var unreachable = new ConcurrentBag<string>();
        var peers = StatesAsync(members.Peers, ContractsJsonContext.Default.PeerState, unreachable, cancellationToken);
        var leaders = StatesAsync(members.Leaders, ContractsJsonContext.Default.LeaderState, unreachable, cancellationToken);
        return new Observation(
            new Topology(
                [.. (await peers).OrderBy(state => state.Peer, AppIdOrder.Instance)],
                [.. (await leaders).OrderBy(state => state.Leader, AppIdOrder.Instance)],
                [.. unreachable.Order(AppIdOrder.Instance)]),
            members);
    }

    private async Task<IReadOnlyCollection<TState>> StatesAsync<TState>(
        IReadOnlyList<Member> members, JsonTypeInfo<TState> type, ConcurrentBag<string> unreachable, CancellationToken cancellationToken)
        where TState : class
    {
        var states = new ConcurrentBag<TState>();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.StateConcurrency,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(members, parallel, async (member, token) =>
        {
            if (await nodes.GetAsync(member.Node, PathOf(member.Node), type, options.Value.StateTimeout, token) is { } state)
            {
                states.Add(state);
            }
            else
            {
                unreachable.Add(member.Node.App);
            }
        });
        return states;
    }

    /// <summary>A leader that is a virtual node lives at an ordinary peer, which has a state of its own.</summary>
    private static string PathOf(NodeRef node) => node.VirtualNode is null ? "/state" : "/state/leader";
}
