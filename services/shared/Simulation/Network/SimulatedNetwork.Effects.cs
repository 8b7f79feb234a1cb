using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>What engines want done.</summary>
public sealed partial class SimulatedNetwork
{
    /// <summary>A request id is the handle of its call, and in the lowest bit which copy of the request it is.</summary>
    private const int CopyBits = 1;

    private void Carry(SimulatedNode node, int incarnation, Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                Send(node, incarnation, send);
                break;
            case Effect.Respond respond:
                Respond(node, respond);
                break;
            case Effect.Arm arm:
                _delays.Add(_now, Math.Max(0, arm.After.Ticks), new NetworkEvent
                {
                    Kind = EventKind.Due,
                    Node = node.Index,
                    Other = node.Incarnation,
                    Id = arm.TimerId,
                });
                break;
            case Effect.Disarm disarm:
                node.Disarm(disarm.TimerId);
                break;
            case Effect.Complete complete:
                if (node.TryEndCommand(complete.CommandId, out var done))
                {
                    done!(complete.Result);
                }

                break;
            case Effect.Keep keep:
                node.Keep(keep.Record);
                break;
            case Effect.Drop drop:
                node.Drop(drop.Id, drop.Key);
                break;
            default:
                break;
        }
    }

    private void Send(SimulatedNode node, int incarnation, Effect.Send send)
    {
        RequestsSent++;
        Sending?.Invoke(node.Self, send.To, send.Body);
        var to = _nodes.Of(send.To);
        var call = _calls.Open(node.Index, incarnation, send.CallId, Replying is null ? null : send.Body);
        _delays.Add(_now, send.Timeout.Ticks, new NetworkEvent { Kind = EventKind.Failed, Id = call });
        SendCopy(node, to, call << CopyBits, send.Body);
        if (_model.Duplication > 0 && _random.NextUnit() < _model.Duplication)
        {
            SendCopy(node, to, (call << CopyBits) | 1, send.Body);
        }
    }

    private void SendCopy(SimulatedNode from, SimulatedNode to, long requestId, IMessage body)
    {
        if (!TryTransmit(from, to, out var delay))
        {
            _log.Add(_now, EventKind.Lost, to, requestId, body, from.Self);
            return;
        }

        _events.Push(_now + delay, new NetworkEvent
        {
            Kind = EventKind.Request,
            Node = to.Index,
            Other = from.Index,
            Id = requestId,
            SentAt = from.Clock,
            Body = body,
        });
    }

    private void Respond(SimulatedNode node, Effect.Respond respond)
    {
        var call = respond.RequestId >> CopyBits;
        if (!_calls.TryAnswer(call, (int)(respond.RequestId & 1), out var caller))
        {
            return;
        }

        if (Replying is { } replying && _calls.RequestOf(call) is { } request)
        {
            replying(node.Self, _nodes[caller].Self, request, respond.Body);
        }

        var body = node.Tampering is { } tamper ? tamper(respond.Body) : respond.Body;
        if (TryTransmit(node, _nodes[caller], out var delay))
        {
            _events.Push(_now + delay, new NetworkEvent { Kind = EventKind.Reply, Id = call, Body = body });
        }
        else
        {
            _log.Add(_now, EventKind.Lost, _nodes[caller], call, body, node.Self);
        }
    }

    /// <summary>What the network does to a message.</summary>
    /// <param name="from">Sender.</param>
    /// <param name="to">Receiver.</param>
    /// <param name="delay">In ticks.</param>
    /// <returns>False when it is lost.</returns>
    private bool TryTransmit(SimulatedNode from, SimulatedNode to, out long delay)
    {
        delay = 0;
        var model = _model;
        if (_partitions.Separate(from.Index, to.Index) || (model.Loss > 0 && _random.NextUnit() < model.Loss))
        {
            return false;
        }

        delay = model.Latency.Latency(from.Index, to.Index, _random).Ticks + from.Slowness + to.Slowness;
        if (model.Reordering > 0 && _random.NextUnit() < model.Reordering)
        {
            delay += (long)(model.ReorderingDelay.Ticks * _random.NextUnit());
        }

        return true;
    }
}
