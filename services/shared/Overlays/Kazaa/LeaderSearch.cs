using P2PCloud.Contracts;
using P2PCloud.Contracts.Kazaa;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Kazaa;

/// <summary>A leader that took the child.</summary>
internal sealed record Attachment(NodeRef Leader, long Epoch, AttachReply Reply);

/// <summary>
/// A child's search for a leader: rounds of parallel probes, each followed by requests to attach to the probed ones that have room, the
/// least loaded first. When all are full, one of them is asked all the same: it refuses and names others. Part of an engine.
/// </summary>
internal sealed class LeaderSearch(Engine engine, KazaaParameters parameters, RefreshList known)
{
    private readonly HashSet<string> _offered = new(StringComparer.Ordinal);
    private readonly Queue<NodeRef> _queue = new();
    private Func<long> _nextEpoch = () => 0;
    private Action<Attachment?> _done = _ => { };

    /// <summary>True from the begin to the end; there is one search at a time.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Begins.</summary>
    /// <param name="leaders">To be probed in this order, <see cref="KazaaParameters.Probes"/> at a time.</param>
    /// <param name="except">Not to be asked, or null.</param>
    /// <param name="nextEpoch">Gives each attachment its number.</param>
    /// <param name="done">Gets the attachment, or null when nobody took the child.</param>
    public void Begin(IEnumerable<NodeRef> leaders, NodeRef? except, Func<long> nextEpoch, Action<Attachment?> done)
    {
        IsUnderWay = true;
        _nextEpoch = nextEpoch;
        _done = done;
        _offered.Clear();
        _queue.Clear();
        if (except is not null)
        {
            _offered.Add(except.Name);
        }

        Offer(leaders);
        Probe();
    }

    private void Offer(IEnumerable<NodeRef> leaders)
    {
        foreach (var leader in leaders)
        {
            if (_offered.Count < parameters.TriedMax && _offered.Add(leader.Name))
            {
                _queue.Enqueue(leader);
            }
        }
    }

    private void Probe()
    {
        var probed = new List<NodeRef>();
        while (probed.Count < parameters.Probes && _queue.TryDequeue(out var next))
        {
            probed.Add(next);
        }

        if (probed.Count == 0)
        {
            End(null);
            return;
        }

        var rows = new List<LeaderRow>();
        var pending = probed.Count;
        foreach (var leader in probed)
        {
            engine.Call(leader, new LeaderProbeRequest(), parameters.ProbeTimeout, reply =>
            {
                if (reply is { State: LeaderStanding.Leading })
                {
                    rows.Add(reply.Self with { Leader = leader });
                }
                else
                {
                    known.Forget(leader);
                }

                if (--pending == 0)
                {
                    known.Learn(rows, engine.Now);
                    var open = Workload.LeastLoadedFirst(rows, engine.Random);
                    Attach(new Queue<NodeRef>((open.Count > 0 ? open : engine.Random.Sample(rows, 1)).Select(row => row.Leader)));
                }
            });
        }
    }

    private void Attach(Queue<NodeRef> leaders)
    {
        if (!leaders.TryDequeue(out var leader))
        {
            Probe();
            return;
        }

        var epoch = _nextEpoch();
        engine.Call(leader, new AttachRequest(engine.Self.App, epoch), parameters.CallTimeout, reply =>
        {
            known.Learn(reply?.Leaders ?? [], engine.Now);
            if (reply is { Accepted: true })
            {
                End(new Attachment(leader, epoch, reply));
                return;
            }

            if (reply is null)
            {
                // It may have taken the child all the same.
                known.Forget(leader);
                engine.Call(leader, new DetachRequest(engine.Self.App, epoch), parameters.CallTimeout, _ => { });
            }

            Offer(reply?.Leaders.Select(row => row.Leader) ?? []);
            Attach(leaders);
        });
    }

    private void End(Attachment? attachment)
    {
        IsUnderWay = false;
        _done(attachment);
    }
}
