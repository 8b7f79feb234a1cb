using System.Net.Http.Headers;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Gateway.Tests.Fakes;

/// <summary>Requests about keys as a client sends them.</summary>
internal static class KeyRequests
{
    public static async Task<(FakeCloud Cloud, FakePeer Peer)> StartAsync(KeyAnswer answer)
    {
        var (cloud, peers) = await FakeCloud.StartAsync(1);
        peers[0].KeyAnswer = answer;
        return (cloud, peers[0]);
    }

    public static async Task<HttpResponseMessage> SendAsync(
        FakeCloud cloud, HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        var uri = new Uri($"{cloud.Client.BaseAddress}api/v1/keys/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, uri);
        request.Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await cloud.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
