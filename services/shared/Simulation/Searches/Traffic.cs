using System.Runtime.CompilerServices;
using System.Text.Json;
using P2PCloud.Contracts;

namespace P2PCloud.Simulation.Searches;

/// <summary>
/// Counts messages and their bytes: the JSON bodies as they travel between services, without the headers of HTTP. Lookup messages are
/// those that the laws of protocols.md, section 9, count; everything else is upkeep.
/// </summary>
internal sealed class Traffic
{
    /// <summary>A power of two. A flood sends one message to all neighbours, and the same acknowledgement for every copy of a query.</summary>
    private const int SizesKept = 256;

    private readonly (IMessage Body, int Bytes)[] _sizes = new (IMessage, int)[SizesKept];
    private readonly Func<IMessage, bool> _isLookup;
    private readonly Func<IMessage, bool> _countsReply;

    private bool _counting;

    /// <summary>Counts nothing yet.</summary>
    /// <param name="network">Whose messages.</param>
    /// <param name="isLookup">Whether a request belongs to a lookup.</param>
    /// <param name="countsReply">Whether the reply to such a request is a message of the protocol, and not only its acknowledgement.</param>
    public Traffic(SimulatedNetwork network, Func<IMessage, bool> isLookup, Func<IMessage, bool> countsReply)
    {
        _isLookup = isLookup;
        _countsReply = countsReply;
        network.Sending = (from, to, request) => Count(from, to, request, isReply: false, request);
        network.Replying = (from, to, request, reply) => Count(from, to, request, isReply: true, reply);
    }

    /// <summary>Lookup messages.</summary>
    public long LookupMessages { get; private set; }

    /// <summary>Their bytes.</summary>
    public long LookupBytes { get; private set; }

    /// <summary>Bytes of acknowledgements of lookup messages, which in a flood carry the report of the branch below.</summary>
    public long AcknowledgementBytes { get; private set; }

    /// <summary>Messages of upkeep, replies included.</summary>
    public long UpkeepMessages { get; private set; }

    /// <summary>Their bytes.</summary>
    public long UpkeepBytes { get; private set; }

    /// <summary>Counts from now on, from zero.</summary>
    public void Reset()
    {
        _counting = true;
        (LookupMessages, LookupBytes, AcknowledgementBytes, UpkeepMessages, UpkeepBytes) = (0, 0, 0, 0, 0);
    }

    private void Count(NodeRef from, NodeRef to, IMessage request, bool isReply, IMessage body)
    {
        if (!_counting || from == to)
        {
            return;
        }

        var bytes = BytesOf(body);
        if (!_isLookup(request))
        {
            UpkeepMessages++;
            UpkeepBytes += bytes;
        }
        else if (isReply && !_countsReply(request))
        {
            AcknowledgementBytes += bytes;
        }
        else
        {
            LookupMessages++;
            LookupBytes += bytes;
        }
    }

    /// <summary>Messages do not change once they are sent, so the size of the same object is the same.</summary>
    private int BytesOf(IMessage body)
    {
        ref var kept = ref _sizes[RuntimeHelpers.GetHashCode(body) & (SizesKept - 1)];
        if (!ReferenceEquals(kept.Body, body))
        {
            kept = (body, JsonSerializer.SerializeToUtf8Bytes(body, ContractsJsonContext.Default.GetTypeInfo(body.GetType())!).Length);
        }

        return kept.Bytes;
    }
}
