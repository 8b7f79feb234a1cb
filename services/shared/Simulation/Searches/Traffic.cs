using System.Text.Json;
using P2PCloud.Contracts;

namespace P2PCloud.Simulation.Searches;

/// <summary>
/// Counts messages and their bytes: the JSON bodies as they travel between services, without the headers of HTTP. Lookup messages are
/// those that the laws of protocols.md, section 9, count; everything else is upkeep.
/// </summary>
internal sealed class Traffic
{
    private readonly Func<IMessage, bool> _isLookup;
    private readonly Func<IMessage, bool> _countsReply;

    /// <summary>Counts from now on.</summary>
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

    /// <summary>Starts from zero.</summary>
    public void Reset() =>
        (LookupMessages, LookupBytes, AcknowledgementBytes, UpkeepMessages, UpkeepBytes) = (0, 0, 0, 0, 0);

    private void Count(NodeRef from, NodeRef to, IMessage request, bool isReply, IMessage body)
    {
        if (from == to)
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

    private static long BytesOf(IMessage body) =>
        JsonSerializer.SerializeToUtf8Bytes(body, ContractsJsonContext.Default.GetTypeInfo(body.GetType())!).Length;
}
