using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>What happens at an event.</summary>
public sealed partial class SimulatedNetwork
{
    private static readonly Input Started = new Input.Start();

    private List<Effect>? _spareEffects = [];

    private void Step()
    {
        _now = _events.Pop(out var what);
        if (what.Kind is EventKind.Delays)
        {
            what = _delays.Expire((int)what.Id);
        }

        switch (what.Kind)
        {
            case EventKind.Request:
                Arrive(ref what);
                break;
            case EventKind.Reply:
            case EventKind.Failed:
                End(ref what);
                break;
            default:
                if (_nodes[what.Node].Incarnation == what.Other)
                {
                    Give(ref what);
                }

                break;
        }
    }

    private bool IsOver(NetworkEvent what) => what.Kind is EventKind.Failed
        ? !_calls.IsOpen(what.Id)
        : _nodes[what.Node].Incarnation != what.Other || _nodes[what.Node].WasDisarmed(what.Id);

    private void Arrive(ref NetworkEvent what)
    {
        var node = _nodes[what.Node];
        if (node.Started)
        {
            Give(ref what);
            return;
        }

        var caller = _nodes[what.Other];
        _log.Add(_now, EventKind.Lost, node, what.Id, what.Body, caller.Self);
        if (_model.DeadNodesAnswer && TryTransmit(node, caller, out var delay))
        {
            _events.Push(_now + delay, new NetworkEvent { Kind = EventKind.Failed, Id = what.Id >> CopyBits });
        }
    }

    /// <summary>A call ends, unless it has ended before or its caller is no more.</summary>
    private void End(ref NetworkEvent what)
    {
        if (_calls.TryClose(what.Id, out var node, out var incarnation, out var callId) && _nodes[node].Incarnation == incarnation)
        {
            what.Node = node;
            what.Id = callId;
            Give(ref what);
        }
    }

    private void Give(ref NetworkEvent what)
    {
        var node = _nodes[what.Node];
        if (what.Kind is EventKind.Resume)
        {
            Continue(node);
        }
        else if (node.Paused)
        {
            node.Wait(what);
        }
        else if (what.Kind is not EventKind.Due || !node.WasDisarmed(what.Id))
        {
            Handle(node, ref what);
        }
    }

    private void Continue(SimulatedNode node)
    {
        if (!node.Resuming)
        {
            return;
        }

        node.Paused = false;
        node.Resuming = false;
        _log.Add(_now, EventKind.Resume, node);
        while (!node.Paused && node.Waiting is { } waiting && waiting.TryDequeue(out var what))
        {
            if (what.Kind is not EventKind.Due || !node.WasDisarmed(what.Id))
            {
                Handle(node, ref what);
            }
        }
    }

    private void Handle(SimulatedNode node, ref NetworkEvent what)
    {
        var sender = what.Kind is EventKind.Request ? _nodes[what.Other].Self : null;
        _log.Add(_now, what.Kind, node, what.Id, what.Body, sender);
        var effects = _spareEffects ?? [];
        _spareEffects = null;
        var engine = node.Engine!;
        var input = InputOf(ref what, sender);
        EventsHandled++;
        node.Started |= what.Kind is EventKind.Start;
        try
        {
            engine.Handle(input, new DateTimeOffset(node.ReadClock(_now), TimeSpan.Zero), effects);
        }
        catch (Exception exception)
        {
            throw new EngineFailedException($"{node.Name} at {Now:O} failed on {input}: {exception.Message}", exception);
        }

        var incarnation = node.Incarnation;
        for (var i = 0; i < effects.Count && node.Incarnation == incarnation; i++)
        {
            Observing?.Invoke(engine.Self, effects[i]);
            if (node.Incarnation == incarnation)
            {
                Carry(node, incarnation, effects[i]);
            }
        }

        effects.Clear();
        _spareEffects = effects;
        Handled?.Invoke(engine.Self);
    }

    private Input InputOf(ref NetworkEvent what, NodeRef? sender)
    {
        switch (what.Kind)
        {
            case EventKind.Request:
                MessagesDelivered++;
                return new Input.Request(what.Id, sender!, new DateTimeOffset(what.SentAt, TimeSpan.Zero), (IMessage)what.Body!);
            case EventKind.Reply:
                MessagesDelivered++;
                return new Input.Reply(what.Id, (IMessage)what.Body!);
            case EventKind.Failed:
                return new Input.Failed(what.Id);
            case EventKind.Due:
                return new Input.Due(what.Id);
            case EventKind.Command:
                return new Input.Command(what.Id, (ICommand)what.Body!);
            case EventKind.Start:
                return Started;
            default:
                throw new UnreachableException();
        }
    }
}
