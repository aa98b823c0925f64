"""Every port, who speaks through it, and who plays the other side."""

from typing import Final

CLIENTS: Final = {
    "SmsPort": ("integrations.sms.client.TencentSms", "integrations/city/sms_channel.py"),
    "PaymentChannel": ("integrations.wechat_pay.client.WeChatPay", "integrations/city/pay_platform.py"),
    "WeChatSignIn": ("integrations.wechat.client.WeChat", "integrations/city/wechat.py"),
    "Police": ("integrations.departments.police.PoliceClient", "integrations/city/police.py"),
    "Health": ("integrations.departments.health.HealthClient", "integrations/city/health.py"),
    "Registers": ("integrations.departments.registers.RegistersClient", "integrations/city/registers.py"),
    "Orders": ("integrations.departments.orders.OrdersClient", "integrations/city/orders.py"),
    "Transit": ("integrations.transit.client.TransitFeeds", "integrations/city/transit_feeds.py"),
    "VirusScanner": ("integrations.virus_scan.clamd.ClamAv", "integrations/city/virus_scanner.py"),
    "ObjectStore": ("integrations.object_store.s3.S3Store", "app/embedded/store.py"),
}
"""Each port's client, and who plays the outside party in development and tests."""
INSIDE: Final = {"Archive": "keeps messages in our own database"}
