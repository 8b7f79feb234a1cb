using P2PCloud.Cli.Gateway;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Doctor;

/// <summary>What the gateway shows of a cloud: who has joined, and whether each technique answers.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="space">The namespace that was given; null when none was.</param>
internal sealed class CloudExamination(GatewayClient gateway, string? space)
{
    private const string Probe = "p2pcloud-doctor";

    /// <summary>Findings, as they are made. Without a gateway there is only one.</summary>
    /// <param name="traces">Gets the trace ids of the lookups made.</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    public async IAsyncEnumerable<Finding> RunAsync(
        ICollection<string> traces, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = await gateway.TopologyAsync(cancellationToken);
        if (reply is not { Value.Value: { } topology })
        {
            yield return new Finding(
                $"the gateway does not answer: {reply.Failure!.Message}",
                $"start a cloud (make run), forward its port (kubectl port-forward {(space is null ? "" : $"--namespace {space} ")}service/p2pcloud-gateway 8080:80), or name it with --gateway");
            yield break;
        }

        yield return new Finding("the gateway answers");
        foreach (var finding in Members(topology).Concat(Ring(topology)).Concat(Quorums(topology)))
        {
            yield return finding;
        }

        foreach (var technique in Techniques.All)
        {
            yield return await LookUpAsync(technique, traces, cancellationToken);
        }
    }

    private static IEnumerable<Finding> Members(Topology topology)
    {
        if (topology.Peers.Count == 0)
        {
            yield return new Finding(
                "no peer has joined", "see whether peers run and reach BOOT: their /healthz/ready says what they wait for, bootstrap needs Redis");
        }
        else if (topology.Peers.Where(peer => !peer.Ready).ToList() is { Count: > 0 } waiting)
        {
            yield return new Finding(
                $"{waiting.Count} of {topology.Peers.Count} peers are not ready: {string.Join("; ", waiting.Select(peer => $"{peer.Peer}: {string.Join(", ", peer.Pending)}"))}",
                "wait a minute after a start; then look at the logs of these peers, and of bootstrap, directory and supernodes for what they name");
        }
        else
        {
            yield return new Finding($"{topology.Peers.Count} peers have joined every overlay");
        }

        if (topology.Leaders.Count(leader => leader.Ready) is var leaders && leaders > 0)
        {
            yield return new Finding($"{leaders} group leaders are ready");
        }
        else
        {
            yield return new Finding("no group leader is ready", "see whether supernodes run and reach BOOT; peers stand in after Overlays:KazaaMinUptime");
        }

        if (topology.Unreachable.Count > 0)
        {
            yield return new Finding(
                $"no answer from {string.Join(", ", topology.Unreachable)}",
                "they may have just ended: BOOT forgets them after its lease; if they run, the gateway may not be allowed to call them");
        }
    }

    /// <summary>All virtual nodes are on one ring: following successors from one comes past all.</summary>
    private static IEnumerable<Finding> Ring(Topology topology)
    {
        var successors = topology.Peers.SelectMany(peer => peer.VirtualNodes).Where(node => node.Joined && node.Successors.Count > 0)
            .ToDictionary(node => node.Name, node => node.Successors[0].Name, StringComparer.Ordinal);
        if (successors.Count == 0)
        {
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var name = successors.Keys.First(); seen.Add(name) && successors.TryGetValue(name, out var next);)
        {
            name = next;
        }

        var apart = successors.Keys.Count(name => !seen.Contains(name));
        yield return apart == 0
            ? new Finding($"the Chord ring has all {successors.Count} virtual nodes")
            : new Finding(
                $"{apart} of {successors.Count} virtual nodes are not on the ring of the others",
                "wait a minute: rings that a fault has cut apart find each other through BOOT; if it lasts, see whether these nodes reach BOOT");
    }

    /// <summary>Nodes that may be cut off from most others, whether or not they have a successor.</summary>
    private static IEnumerable<Finding> Quorums(Topology topology)
    {
        var refusing = topology.Peers.SelectMany(peer => peer.VirtualNodes).Where(node => node.RefusesQuorum).Select(node => node.Name).ToList();
        if (refusing.Count > 0)
        {
            yield return new Finding(
                $"{string.Join(", ", refusing)} may be cut off from most of the ring and refuse keys by quorum",
                "see whether their peers reach the others and BOOT; when the others are gone for good, it ends with their leases at BOOT");
        }
    }

    private async Task<Finding> LookUpAsync(string technique, ICollection<string> traces, CancellationToken cancellationToken)
    {
        var reply = await gateway.LookupAsync(new LookupQuestion(Probe, technique, null, null, 1), cancellationToken);
        if (reply.Value is not { Value: { } found })
        {
            return new Finding($"{technique} does not answer: {reply.Failure!.Message}", FixOf(technique));
        }

        traces.Add(found.TraceId);
        return found.Complete
            ? new Finding($"{technique} answers")
            : new Finding($"{technique} answers in part only: somebody did not answer in time", FixOf(technique));
    }

    private static string FixOf(string technique) => technique switch
    {
        Techniques.Napster => "see whether the directory runs and reaches Redis",
        Techniques.Kazaa => "see whether supernodes are ready: a peer whose leader died needs a few seconds for another one",
        _ => "see whether peers reach each other: network policies, access-control lists and sidecars stand between them",
    };
}
