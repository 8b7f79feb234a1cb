namespace P2PCloud.ClusterLoad;

/// <summary>What an outcome says about a key.</summary>
internal static class KeyEffects
{
    private const int Unavailable = 503;

    /// <summary>False when a put has certainly not been carried out and never will be: it was not sent, or the answer says so. The gateway
    /// promises "nothing was written" with 503 and with every refusal of the request itself (4xx).</summary>
    public static bool MayHaveHappened(Operation put) => put.Outcome switch
    {
        Outcome.Unreachable or Outcome.NotFound => false,
        Outcome.Refused => put.Result!.Status is not (Unavailable or (>= 400 and < 500)),
        _ => true,
    };

    /// <summary>A put of which the cloud said that it was carried out.</summary>
    public static bool IsAcknowledgedPut(Operation operation) =>
        operation is { Subject.Kind: OperationKind.Put, Outcome: Outcome.Ok };

    /// <summary>A get that says what the value is, or that there is none.</summary>
    public static bool IsAnsweredGet(Operation operation) =>
        operation is { Subject.Kind: OperationKind.Get, Outcome: Outcome.Ok or Outcome.NotFound };
}
