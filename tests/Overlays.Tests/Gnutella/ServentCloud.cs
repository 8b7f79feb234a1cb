using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Tests.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Gnutella;

/// <summary>Gnutella servents around a bootstrap node.</summary>
internal sealed class ServentCloud
{
    private readonly Cloud _cloud;
    private readonly GnutellaParameters _parameters;

    public ServentCloud(ulong seed, GnutellaParameters? parameters = null)
    {
        _cloud = new Cloud(seed);
        _parameters = parameters ?? new GnutellaParameters();
    }

    public SimulatedNetwork Network => _cloud.Network;

    public List<string> Names { get; } = [];

    public static ServentCloud Joined(ulong seed, int servents, GnutellaParameters? parameters = null)
    {
        var cloud = new ServentCloud(seed, parameters);
        cloud.AddMany(servents, _ => TimeSpan.Zero);
        Assert.True(cloud.RunUntilJoined(), $"seed {seed}: {cloud.Describe()}");
        cloud.Network.Run(TimeSpan.FromSeconds(5));
        return cloud;
    }

    public void AddMany(int servents, Func<int, TimeSpan> delay)
    {
        var first = Names.Count;
        for (var i = first; i < first + servents; i++)
        {
            var number = i;
            Names.Add(Cloud.Peer(number).Name);
            _cloud.Add(random => new GnutellaServent(Cloud.Peer(number), random, Cloud.Boot(), _parameters), delay(number));
        }
    }

    /// <summary>Adds nodes of another role.</summary>
    public void AddMany(int nodes, GnutellaRole role)
    {
        var first = Names.Count;
        for (var i = first; i < first + nodes; i++)
        {
            var number = i;
            Names.Add(Cloud.Peer(number).Name);
            _cloud.Add(random => new GnutellaServent(Cloud.Peer(number), random, Cloud.Boot(), _parameters with { Role = role }));
        }
    }

    public void Restart(int number)
    {
        Names.Add(Cloud.Peer(number).Name);
        _cloud.Add(random => new GnutellaServent(Cloud.Peer(number), random, Cloud.Boot(2), _parameters));
    }

    public void RestartBoot() => _cloud.RestartBoot();

    public void Kill(string name)
    {
        Network.Kill(name);
        Names.Remove(name);
    }

    public bool RunUntilJoined()
    {
        for (var quarter = 0; quarter < 120; quarter++)
        {
            Network.Run(TimeSpan.FromSeconds(0.25));
            if (Names.All(name => Status(name).Pending is null))
            {
                return true;
            }
        }

        return false;
    }

    public GnutellaStatus Status(string name) => Network.Ask(name, new GnutellaStatusCommand());

    public Dictionary<string, HashSet<string>> Links() =>
        Names.ToDictionary(name => name, name => Status(name).Links.Select(link => link.Name).ToHashSet());

    public SearchResult Search(string from, string query, LookupMode mode = LookupMode.Default) =>
        Network.Ask(from, new SearchCommand(query, 100, mode));

    public void Share(string name, params string[] files) =>
        Network.Ask(name, new ShareCommand([.. files.Select(file => Sample.File(file))]));

    public string Describe() => string.Join(", ", Names.Select(name => $"{name}: {Status(name).Pending ?? "joined"}"));

    public static void AssertOneComponent(Dictionary<string, HashSet<string>> links)
    {
        var reached = new HashSet<string> { links.Keys.First() };
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var name))
        {
            foreach (var link in links[name].Where(reached.Add))
            {
                queue.Enqueue(link);
            }
        }

        Assert.Equal(links.Keys.Order(), reached.Order());
    }
}
