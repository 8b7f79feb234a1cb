using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Napster;
using P2PCloud.Overlays.Tests.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Napster;

/// <summary>A directory and peers with sessions.</summary>
internal sealed class DirectoryCloud
{
    public static readonly NodeRef Directory = new(AppIds.Directory);

    public DirectoryCloud(int peers, ulong seed = 1)
    {
        Network = new SimulatedNetwork(seed);
        StartDirectory();
        for (var i = 0; i < peers; i++)
        {
            Start(i);
        }

        Network.Run(TimeSpan.FromSeconds(1));
    }

    public SimulatedNetwork Network { get; }

    public void StartDirectory() => Network.Add(new NapsterServer(Directory, new SplitMix64(0), Cloud.Lease));

    public void Start(int peer, long incarnation = 1)
    {
        var parameters = new NapsterParameters { Directory = Directory, Incarnation = incarnation };
        Network.Add(new NapsterSession(Cloud.Peer(peer), new SplitMix64((ulong)peer + 1), parameters));
    }

    public Done Share(int peer, params string[] names) =>
        Network.Ask($"peer-{peer}", new ShareCommand([.. names.Select(name => Sample.File(name))]));

    public SearchResult Search(int peer, string query, int limit = 100) => Network.Ask($"peer-{peer}", new SearchCommand(query, limit));

    public NapsterStatus Status(int peer) => Network.Ask($"peer-{peer}", new NapsterStatusCommand());
}
