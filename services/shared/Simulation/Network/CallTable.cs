using P2PCloud.Contracts;

namespace P2PCloud.Simulation;

/// <summary>
/// The calls under way. A call is named by a handle that is never used again after the call has ended, so that whatever comes late
/// for it is recognised by its handle alone.
/// </summary>
internal sealed class CallTable
{
    private const int SlotBits = 28;
    private const long SlotMask = (1L << SlotBits) - 1;

    private Call[] _calls = new Call[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;

    /// <summary>A call begins.</summary>
    /// <param name="node">The caller.</param>
    /// <param name="incarnation">Of the caller.</param>
    /// <param name="callId">At the caller.</param>
    /// <param name="request">To be told with the answer; null when nobody wants to know.</param>
    /// <returns>Its handle.</returns>
    public long Open(int node, int incarnation, long callId, IMessage? request)
    {
        var slot = _freeCount > 0 ? _free[--_freeCount] : NewSlot();
        ref var call = ref _calls[slot];
        call.Generation++;
        call.CallId = callId;
        call.Node = node;
        call.Incarnation = incarnation;
        call.UnderWay = true;
        call.Answered = 0;
        call.Request = request;
        return (call.Generation << SlotBits) | (uint)slot;
    }

    /// <summary>Whether a call has no outcome yet.</summary>
    public bool IsOpen(long handle)
    {
        ref var call = ref _calls[handle & SlotMask];
        return call.UnderWay && call.Generation == handle >> SlotBits;
    }

    /// <summary>The request of a call that has no outcome yet.</summary>
    public IMessage? RequestOf(long handle) => _calls[handle & SlotMask].Request;

    /// <summary>Ends a call.</summary>
    /// <returns>False when it has ended before.</returns>
    public bool TryClose(long handle, out int node, out int incarnation, out long callId)
    {
        var slot = (int)(handle & SlotMask);
        ref var call = ref _calls[slot];
        (node, incarnation, callId) = (call.Node, call.Incarnation, call.CallId);
        if (!call.UnderWay || call.Generation != handle >> SlotBits)
        {
            return false;
        }

        call.UnderWay = false;
        call.Request = null;
        _free[_freeCount++] = slot;
        return true;
    }

    /// <summary>Notes that a delivery of the request was answered.</summary>
    /// <param name="handle">The call.</param>
    /// <param name="copy">Which delivery, 0 or 1.</param>
    /// <param name="caller">The node that waits for the answer.</param>
    /// <returns>False when the call has ended, or this delivery was answered before.</returns>
    public bool TryAnswer(long handle, int copy, out int caller)
    {
        ref var call = ref _calls[handle & SlotMask];
        caller = call.Node;
        if (!IsOpen(handle) || (call.Answered & (1 << copy)) != 0)
        {
            return false;
        }

        call.Answered |= (byte)(1 << copy);
        return true;
    }

    private int NewSlot()
    {
        if (_used == _calls.Length)
        {
            Array.Resize(ref _calls, _used * 2);
            Array.Resize(ref _free, _used * 2);
        }

        return _used++;
    }

    private struct Call
    {
        public long CallId;
        public long Generation;
        public int Node;
        public int Incarnation;
        public bool UnderWay;
        public byte Answered;
        public IMessage? Request;
    }
}
