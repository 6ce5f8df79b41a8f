// A click on the extension's icon opens the side panel; nothing else runs in the background.

chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
