using System.Diagnostics;
using ZenNas.Runs.Reports;

namespace ZenNas.Runs.Tests.Reports;

/// <summary>The report in a real browser.</summary>
public sealed class BrowserTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Should_draw_its_charts_without_errors_or_requests()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "needs Debian's chromium");
        using var folder = new TempFolder();
        var page = Path.Combine(folder.Path, "report.html");
        await File.WriteAllTextAsync(page, HtmlReport.Render(ReportSample.Create()), TestContext.Current.CancellationToken);
        var (dom, log) = await Browse(page, folder.Path);

        // Each of the four charts draws into a canvas that the page itself doesn't hold.
        Assert.Equal(4, dom.Split("<canvas").Length - 1);
        Assert.DoesNotContain("Uncaught", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Refused to", log, StringComparison.Ordinal);
    }

    private static async Task<(string Dom, string Log)> Browse(string page, string folder)
    {
        var start = new ProcessStartInfo("/usr/bin/chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0", $"--user-data-dir={Path.Combine(folder, "profile")}",
            "--virtual-time-budget=5000", "--dump-dom", new Uri(page).AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var log = browser.StandardError.ReadToEndAsync(timeout.Token);
        var dom = await browser.StandardOutput.ReadToEndAsync(timeout.Token);
        await browser.WaitForExitAsync(timeout.Token);
        return (dom, await log);
    }
}
