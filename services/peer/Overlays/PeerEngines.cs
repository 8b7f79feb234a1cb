using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Kazaa;
using P2PCloud.Overlays.Napster;
using P2PCloud.Peer.Keys;

namespace P2PCloud.Peer.Overlays;

/// <summary>
/// This peer's nodes: a Napster session, a Gnutella servent, a child of a KaZaA leader, the leader that it may become, and the Chord
/// virtual nodes.
/// </summary>
public sealed class PeerEngines(
    WireClient wire,
    TimeProvider time,
    IOptions<OverlayOptions> options,
    KeyDatabase keys,
    ContactFile contacts,
    IHostApplicationLifetime lifetime,
    ILogger<PeerEngines> logger)
    : INodeEngines, IAsyncDisposable
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Running? _running;

    /// <summary>This peer; null before it runs.</summary>
    public NodeRef? Self { get; private set; }

    /// <summary>Ends when the engines run.</summary>
    public Task Started => _started.Task;

    /// <summary>The node in the overlay of all peers; null before it runs.</summary>
    public EngineHost? Membership => _running?.Membership;

    /// <summary>The Gnutella servent; null before it runs.</summary>
    public EngineHost? Gnutella => _running?.Gnutella;

    /// <summary>The Chord nodes in the order of their numbers; empty before they run.</summary>
    public IReadOnlyList<EngineHost> ChordNodes => _running?.Chord ?? [];

    /// <summary>The KaZaA leader that this peer may become, by its virtual node; null elsewhere, and when the peer must not lead.</summary>
    public EngineHost? KazaaLeader(int? virtualNode) => virtualNode == KazaaNodes.LeaderVirtualNode ? _running?.Candidate : null;

    /// <summary>The engine that searches by a technique and shares files with it.</summary>
    /// <param name="technique">One of <see cref="Techniques"/>.</param>
    public EngineHost? Of(string technique) => technique switch
    {
        Techniques.Napster => _running?.Napster,
        Techniques.Gnutella => _running?.Gnutella,
        Techniques.Kazaa => _running?.Kazaa,
        Techniques.Chord => _running?.Chord[0],
        _ => throw new ArgumentOutOfRangeException(nameof(technique), technique, "Not a technique."),
    };

    /// <summary>A Chord node by its number; null when there is none, or none yet.</summary>
    public EngineHost? Chord(int? virtualNode) => virtualNode is { } number && number < ChordNodes.Count ? ChordNodes[number] : null;

    /// <inheritdoc/>
    public Task StartAsync(NodeRef self, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var boot = new BootParameters
        {
            Bootstrap = new NodeRef(AppIds.Bootstrap),
            Incarnation = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Contacts = LastContacts.Of(contacts.Contacts),
        };
        var gnutella = new GnutellaParameters { Ttl = settings.GnutellaTtl, Degree = settings.GnutellaDegree };
        var chord = new ChordParameters
        {
            Bits = settings.ChordBits,
            SuccessorListLength = settings.ChordSuccessors,
            FingerBase = settings.ChordBase,
            Routing = Enum.Parse<Routing>(settings.ChordRouting, ignoreCase: true),
            Replication = settings.ChordReplication,
            PostingLease = settings.PostingLease,
        };
        var napster = new NapsterParameters { Directory = new NodeRef(AppIds.Directory), Incarnation = boot.Incarnation };
        var virtualNodes = Enumerable.Range(0, settings.VirtualNodes).Select(number => self with { VirtualNode = number }).ToList();
        var sampling = new PeerSamplingParameters { Period = settings.ShufflePeriod };
        var sampled = new ViewFallbackTransport(wire, () => Membership, Seeds.Fresh(), time);
        var local = new LocalFirstTransport(sampled, self.App, Chord);
        var leaders = new LocalFirstTransport(wire, self.App, KazaaLeader);
        var kazaa = new KazaaParameters
        {
            ChildLease = settings.PostingLease,
            Promotion = settings.KazaaMayLead ? new PromotionParameters { UptimeMin = settings.KazaaMinUptime } : null,
        };
        Self = self;
        _running = new Running(
            Host(new MembershipNode(self, Seeds.Fresh(), boot, sampling), wire),
            Host(new NapsterSession(self, Seeds.Fresh(), napster), wire),
            Host(new GnutellaServent(self, Seeds.Fresh(), boot, gnutella), sampled),
            Host(new KazaaChild(self, Seeds.Fresh(), boot, kazaa), leaders),
            settings.KazaaMayLead ? Host(new KazaaCandidate(KazaaNodes.LeaderAt(self), Seeds.Fresh(), boot, kazaa), leaders) : null,
            [.. virtualNodes.Select((node, number) => Host(
                new ChordNode(node, Seeds.Fresh(), boot, chord, [.. virtualNodes.Where(other => other != node)], keys.Take(number)),
                local,
                keys.StorageOf(number)))]);
        foreach (var host in _running.All)
        {
            host.Start();
        }

        _started.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>What keeps the overlays from being ready, a line each; empty when nothing does.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken)
    {
        if (_running is not { } running)
        {
            return ["starting"];
        }

        List<(string Technique, IEngineStatus Status)> all =
        [
            (Techniques.Napster, await running.Napster.CommandAsync(new NapsterStatusCommand(), cancellationToken)),
            (Techniques.Gnutella, await running.Gnutella.CommandAsync(new GnutellaStatusCommand(), cancellationToken)),
            (Techniques.Kazaa, await running.Kazaa.CommandAsync(new KazaaChildStatusCommand(), cancellationToken)),
        ];
        foreach (var node in running.Chord)
        {
            all.Add((Techniques.Chord, await node.CommandAsync(new ChordStatusCommand(), cancellationToken)));
        }

        return [.. all.Where(entry => entry.Status.Pending is not null).Select(entry => $"{entry.Technique}: {entry.Status.Pending}").Distinct()];
    }

    /// <summary>Tells BOOT that lookups can enter here.</summary>
    public Task AnnounceAsync(CancellationToken cancellationToken) =>
        _running?.Membership.CommandAsync(new AnnounceCommand(), cancellationToken) ?? Task.CompletedTask;

    /// <summary>Gives a command to the engine of every technique.</summary>
    public Task<Done[]> ForEachTechniqueAsync(ICommand<Done> command, CancellationToken cancellationToken) =>
        Task.WhenAll(Techniques.All.Select(technique => Of(technique)!.CommandAsync(command, cancellationToken)));

    /// <summary>This peer leaves, or has left: what it does not know any more others may.</summary>
    public bool IsLeaving { get; private set; }

    /// <inheritdoc/>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        IsLeaving = true;
        if (_running is { } running)
        {
            // Virtual node 0 withdraws this peer's postings, and its siblings are on the way to some of them: they leave after it.
            var first = running.Chord[0];
            await first.CommandAsync(new LeaveCommand(), cancellationToken);
            await Task.WhenAll(running.All.Where(host => host != first).Select(host => host.CommandAsync(new LeaveCommand(), cancellationToken)));
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync() => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var running = Interlocked.Exchange(ref _running, null);
        foreach (var host in running?.All ?? [])
        {
            await host.DisposeAsync();
        }
    }

    private EngineHost Host(Engine engine, INodeTransport transport, IKeyStorage? storage = null) =>
        new(engine, transport, time, logger, _ => lifetime.StopApplication(), storage, contacts);

    private sealed record Running(
        EngineHost Membership,
        EngineHost Napster,
        EngineHost Gnutella,
        EngineHost Kazaa,
        EngineHost? Candidate,
        IReadOnlyList<EngineHost> Chord)
    {
        public IEnumerable<EngineHost> All => ((IEnumerable<EngineHost?>)[Membership, Napster, Gnutella, Kazaa, Candidate, .. Chord]).OfType<EngineHost>();
    }
}
