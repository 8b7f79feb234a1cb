using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation.Comparison;

namespace P2PCloud.Cli.Compare;

/// <summary>Compares the techniques in a running cloud: shares files at its peers, searches, and stops sharing them again.</summary>
internal sealed class CloudComparison(CliConsole console, GatewayClient gateway, ComparisonSettings settings)
{
    private const int Width = 8;

    private static readonly (string Technique, string Mode)[] Rows =
    [
        (Techniques.Napster, ""),
        .. LookupModes.WordsOf(Techniques.Gnutella).Select(mode => (Techniques.Gnutella, mode)),
        (Techniques.Kazaa, ""),
        .. LookupModes.WordsOf(Techniques.Chord).Select(mode => (Techniques.Chord, mode)),
    ];

    private readonly SplitMix64 _random = new(settings.Seed);
    private readonly string _run = $"run{settings.Seed.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Runs it.</summary>
    public async Task<Reply<ComparisonReport>> RunAsync(CancellationToken cancellationToken)
    {
        var asked = await gateway.TopologyAsync(cancellationToken);
        if (asked.Value?.Value is not { } topology)
        {
            return asked.Failure!;
        }

        var peers = topology.Peers.Select(peer => peer.Peer).ToList();
        if (peers.Count < settings.Replicas * 2)
        {
            return new Failure($"the cloud has {peers.Count} peers: give at least {settings.Replicas * 2}, or fewer --replicas");
        }

        var files = Enumerable.Range(0, settings.Files).Select(number => new Shared(number, _random.Sample(peers, settings.Replicas))).ToList();
        using var progress = new ProgressLine(console);
        try
        {
            var failure = await ShareAsync(files, progress, cancellationToken);
            if (failure is not null)
            {
                return failure;
            }

            // The links as they are once the peers are at rest.
            asked = await gateway.TopologyAsync(cancellationToken);
            if (asked.Value is null)
            {
                return asked.Failure!;
            }

            var searches = await SearchAsync(files, peers, progress, cancellationToken);
            return searches.Value is { } measured
                ? MeasuredComparison.Of(settings, measured, LinksOf(asked.Value.Value))
                : searches.Failure!;
        }
        finally
        {
            await RemoveAsync(files, progress);
        }
    }

    private static MeasuredLinks LinksOf(Topology topology) => new(
        topology.Peers.ToDictionary(peer => peer.Peer, peer => peer.GnutellaLinks, StringComparer.Ordinal),
        topology.Leaders.ToDictionary(leader => leader.Leader, leader => leader.Links, StringComparer.Ordinal),
        topology.Leaders.SelectMany(leader => leader.Children.Select(child => (child, leader.Leader)))
            .DistinctBy(entry => entry.child).ToDictionary(entry => entry.child, entry => entry.Leader, StringComparer.Ordinal),
        topology.Peers.Sum(peer => peer.VirtualNodes.Count));

    private async Task<Failure?> ShareAsync(List<Shared> files, ProgressLine progress, CancellationToken cancellationToken)
    {
        Failure? first = null;
        var done = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = stop.Token }, async (file, token) =>
            {
                foreach (var peer in file.Holders)
                {
                    using var content = new MemoryStream(BytesOf(file));
                    var reply = await gateway.ShareAsync(content, NameOf(file), peer, token);
                    if (reply.Failure is { } failure)
                    {
                        Interlocked.CompareExchange(ref first, failure with { Message = $"{peer}: {failure.Message}" }, null);
                        await stop.CancelAsync();
                        return;
                    }
                }

                var count = Interlocked.Increment(ref done);
                progress.Show(() => $"sharing {count}/{files.Count}");
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return first;
        }

        return first;
    }

    private async Task<Reply<List<MeasuredSearch>>> SearchAsync(
        List<Shared> files, List<string> peers, ProgressLine progress, CancellationToken cancellationToken)
    {
        var ranks = settings.Popularity.Ranks(files.Count, _random);
        var asked = Enumerable.Range(0, settings.Queries).Select(_ => files[ranks()])
            .Select(file => (File: file, Origin: _random.Sample(peers.Except(file.Holders), 1)[0])).ToList();
        var searches = new List<MeasuredSearch>();
        foreach (var (technique, mode) in Rows)
        {
            foreach (var (number, (file, origin)) in asked.Index())
            {
                progress.Show(() => $"{technique} {mode} {number + 1}/{asked.Count}");
                var question = new LookupQuestion(WordOf(file), technique, origin, mode.Length > 0 ? mode : null, null);
                var reply = await gateway.LookupAsync(question, cancellationToken);
                if (reply.Value?.Value is { } answer)
                {
                    searches.Add(Measured(technique, mode, file, answer));
                }
                else if (reply.Failure is { Fatal: true } failure)
                {
                    return failure;
                }
                else
                {
                    searches.Add(new MeasuredSearch(technique, mode, origin, file.Holders, [], 0, null, 0));
                }
            }
        }

        return searches;
    }

    private static MeasuredSearch Measured(string technique, string mode, Shared file, LookupResult answer)
    {
        var found = answer.Matches.SelectMany(match => match.Providers).Select(provider => provider.Peer).Distinct().ToList();
        return new MeasuredSearch(
            technique, mode, answer.From, file.Holders, found, answer.Messages, found.Count > 0 ? HopsOf(technique, answer, found) : null, answer.ElapsedMs);
    }

    /// <summary>Remote steps to the first node that knew: the holder itself, the directory, a leader (not told, so left out) or the owner of the key.</summary>
    private static int? HopsOf(string technique, LookupResult answer, List<string> found) => technique switch
    {
        Techniques.Napster => 1,
        Techniques.Gnutella => answer.Hops.Where(hop => hop.Outcome is null && found.Contains(hop.To)).Select(hop => DepthOf(answer, hop)).DefaultIfEmpty().Min(),
        Techniques.Chord => answer.Hops.Count(hop => hop is { Outcome: null, Local: false }),
        _ => null,
    };

    private static int DepthOf(LookupResult answer, LookupHop hop)
    {
        var depth = 1;
        for (var at = hop; at.Parent is { } parent; at = answer.Hops[parent])
        {
            depth++;
        }

        return depth;
    }

    /// <summary>Also after Ctrl-C; what cannot be removed is left with the peers.</summary>
    private async Task RemoveAsync(List<Shared> files, ProgressLine progress)
    {
        var done = 0;
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = Width }, async (file, token) =>
        {
            await gateway.StopSharingAsync(Convert.ToHexStringLower(SHA256.HashData(BytesOf(file))), token);
            var count = Interlocked.Increment(ref done);
            progress.Show(() => $"removing {count}/{files.Count}");
        });
    }

    private string WordOf(Shared file) => string.Create(CultureInfo.InvariantCulture, $"{_run}song{file.Number}");

    private string NameOf(Shared file) => $"compare - {WordOf(file)}.txt";

    private byte[] BytesOf(Shared file) => Encoding.UTF8.GetBytes(NameOf(file));

    private sealed record Shared(int Number, IReadOnlyList<string> Holders);
}
