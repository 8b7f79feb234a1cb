namespace P2PCloud.Gateway.Forwarding;

/// <summary>What is known of a request that got no usable answer.</summary>
internal enum Delivery
{
    /// <summary>The node may have got it.</summary>
    Sent,

    /// <summary>A sidecar says that it did not reach the node, which may have acted all the same.</summary>
    Undelivered,

    /// <summary>No connection could be made: the node has not got it.</summary>
    NotSent,
}

/// <summary>Reads how a request failed.</summary>
internal static class RequestFailures
{
    extension(HttpRequestException failure)
    {
        /// <summary>True when no connection to the node could be made, so that it has not got the request.</summary>
        public bool IsNotConnected =>
            failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
    }
}
