using System.Net;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar.Tests;

public sealed class ErrorTests
{
    [Fact]
    public async Task A_name_that_cannot_be_resolved_is_500_at_once()
    {
        await using var pair = await Pair.StartAsync(settings => settings with { RetryInterval = TimeSpan.FromDays(1) });

        using var response = await pair.GetAsync("/state", "peer-99");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
    }

    [Fact]
    public async Task A_sidecar_that_is_gone_is_500_after_four_attempts()
    {
        await using var pair = await Pair.StartAsync();
        await pair.CalleeSidecar.DisposeAsync();

        using var response = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Equal(4, pair.Resolved.Count);
    }

    [Fact]
    public async Task An_app_that_is_down_is_500_and_not_tried_again()
    {
        await using var pair = await Pair.StartAsync(settings => settings with { RetryInterval = TimeSpan.FromDays(1) });
        await pair.App.DisposeAsync();

        using var response = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Equal(1, pair.CalleeSidecar.Calls);
    }

    [Fact]
    public async Task An_address_that_is_another_apps_by_now_is_not_called()
    {
        await using var pair = await Pair.StartAsync();
        await using var other = await App.StartAsync(TestContext.Current.CancellationToken);
        var sidecar = await pair.AddAsync("peer-8", other.Address);
        pair.Name(Pair.Callee, sidecar.Internal);

        using var response = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task An_address_that_is_another_apps_by_now_is_asked_for_again()
    {
        await using var pair = await Pair.StartAsync();
        await using var other = await App.StartAsync(TestContext.Current.CancellationToken);
        var right = pair.CalleeSidecar.Internal;
        var wrong = await pair.AddAsync("peer-8", other.Address);
        pair.Name(Pair.Callee, wrong.Internal);
        pair.NameAfterNext(Pair.Callee, right);

        using var response = await pair.GetAsync("/state");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(other.Requests);
        Assert.Equal(2, pair.Resolved.Count);
    }

    /// <summary>A sidecar whose answers break off behind their heads.</summary>
    [Fact]
    public async Task An_answer_that_breaks_off_before_its_body_leaves_nothing_in_the_next_ones()
    {
        await using var pair = await Pair.StartAsync();
        await using var sidecar = await App.StartAsync(TestContext.Current.CancellationToken);
        sidecar.Answer = async http =>
        {
            if (sidecar.Requests.Count == 1)
            {
                http.Response.Headers["p2p-first"] = "1";
                http.Response.ContentLength = 10;
                await http.Response.Body.FlushAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                http.Abort();
            }
        };
        pair.Name(Pair.Callee, sidecar.Address);

        using var response = await pair.GetAsync("/state");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, sidecar.Requests.Count);
        Assert.DoesNotContain(response.Headers, header => header.Key == "p2p-first");
    }

    [Fact]
    public async Task An_app_whose_answer_breaks_off_before_its_body_leaves_nothing_in_the_error()
    {
        await using var pair = await Pair.StartAsync();
        pair.App.Answer = async http =>
        {
            http.Response.Headers["p2p-first"] = "1";
            http.Response.ContentLength = 10;
            await http.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            http.Abort();
        };

        using var response = await pair.GetAsync("/state");

        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(response));
        Assert.DoesNotContain(response.Headers, header => header.Key == "p2p-first");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task The_apps_own_errors_pass_untouched(int status)
    {
        await using var pair = await Pair.StartAsync();
        pair.App.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/problem+json";
            http.Response.Headers["p2p-note"] = "mine";
            return http.Response.WriteAsync("{\"title\":\"no\"}");
        };

        using var response = await pair.GetAsync("/state");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("mine", Assert.Single(response.Headers.GetValues("p2p-note")));
        Assert.Equal("{\"title\":\"no\"}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Single(pair.App.Requests);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_500_with_a_length_and_without()
    {
        await using var pair = await Pair.StartAsync();
        using var exact = new ByteArrayContent(new byte[4 << 20]);
        using var above = new ByteArrayContent(new byte[(4 << 20) + 1]);
        using var chunked = new StreamContent(new MemoryStream(new byte[(4 << 20) + 1]));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1.0/invoke/{Pair.Callee}/method/write") { Content = chunked };
        request.Headers.TransferEncodingChunked = true;

        using var taken = await pair.PostAsync(exact);
        using var refused = await pair.PostAsync(above);
        using var broken = await pair.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(refused));
        Assert.Equal((500, "ERR_DIRECT_INVOKE"), await Pair.ErrorAsync(broken));
    }

    [Fact]
    public async Task Headers_above_4_KiB_are_refused()
    {
        await using var pair = await Pair.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1.0/invoke/{Pair.Callee}/method/state");
        request.Headers.Add("p2p-long", new string('x', 5000));

        using var response = await pair.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        Assert.Empty(pair.App.Requests);
    }
}
